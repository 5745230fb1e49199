"""The models of the library over HTTP: which there are, and the work of changing and fitting them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.errors import InvalidInput
from qa.indexing.model_cards import Card, cards
from qa.types import FileResult, Job, Progress
from web.errors import Problem
from web.service import Service
from web.shapes import ModelJson, ModelsJson

if TYPE_CHECKING:  # the rooms are imported when the library is opened: --help does not need them
    from qa.indexing.serving import HeldModel
    from qa.retrieval.tuning import Tuned


def listing(service: Service) -> ModelsJson:
    """The models that there are vectors of, the one in use first, then those that are known to do well."""
    library = service.pipeline.library
    state, held = library.state(), library.models.held()
    known = {card.name: card for card in cards()}
    names = {one.name for one in held}
    rows = [_row(one, known.get(one.name)) for one in held]
    rows += [_row(None, card) for card in known.values() if card.name not in names]
    return {
        "in_use": state.model_name,
        "changing_to": state.changing_to or None,
        "fixed": library.models.fixed,
        "models": rows,
    }


def use(service: Service, name: str) -> Job:
    """Begin to change to a model, or go on with it. Raises Problem."""
    models = service.pipeline.library.models
    if models.fixed:
        detail = f"QA_MODEL 已经设为 {service.settings.model}，它优先。去掉它再启动，这里选的模型才算数。"
        raise Problem("model_fixed", detail)
    return service.jobs.model(lambda: _changing(models.use(name), name), name)


def resume(service: Service) -> bool:
    """Go on with the change of model that is due, if one is."""
    models = service.pipeline.library.models
    if models.waiting:
        name = models.wanted.name
        service.jobs.model(lambda: _changing(models.change(), name), name)
    return models.waiting


def tune(service: Service) -> Job:
    """Begin to fit how much the vectors count."""
    pipeline = service.pipeline
    return service.jobs.model(lambda: _tuning(pipeline.tune()), pipeline.library.state().model_name)


def _changing(steps: Iterator[tuple[int, int]], name: str) -> Iterator[Progress]:
    return (Progress(done, total, name) for done, total in steps)


def _tuning(steps: Iterator[tuple[int, int, Tuned | None]]) -> Iterator[Progress]:
    any_tuned = False
    for done, total, tuned in steps:
        any_tuned = any_tuned or tuned is not None
        yield Progress(done, total, "", FileResult("", "updated", detail=told(tuned)) if tuned else None)
    if not any_tuned:
        raise InvalidInput("资料太少，出不了几道题，没有调整", "多放些资料再来。")


def told(tuned: Tuned) -> str:
    """What fitting brought, in Chinese."""
    kept = "没有变" if tuned.weight == tuned.weight_before else f"由 {tuned.weight_before:g} 改为 {tuned.weight:g}"
    what = "向量" if tuned.what == "vectors" else "重排模型"
    return (
        f"{what}的权重{kept}（{tuned.weight:g}）。在没有用来调整的 {tuned.questions} 道题上，"
        f"第一条就对的：{tuned.before.first:.1%} → {tuned.after.first:.1%}；"
        f"前五条里有的：{tuned.before.first_five:.1%} → {tuned.after.first_five:.1%}。"
    )


def _row(held: HeldModel | None, card: Card | None) -> ModelJson:
    return {
        "name": held.name if held else card.name if card else "",
        "kind": card.kind if card else "embedding",
        "in_use": bool(held and held.in_use),
        "passages": held.passages if held else 0,
        "weight": held.weight if held else None,
        "size": card.size if card else None,
        "licence": card.licence if card else None,
        "dimension": card.dimension or None if card else None,
        "needs": card.needs if card else "",
        "note": card.note if card else "",
    }
