from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LIBRARY_ROOMS, NOWHERE, PHONE, Site, Visit, ask

CONTRAST = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = (text) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = (colour) => colour.slice(0, 3)
        .map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    const under = (element) => {
        for (let one = element; one; one = one.parentElement) {
            const back = rgba(getComputedStyle(one).backgroundColor);
            if (back[3] > 250) return back;
        }
        return [255, 255, 255, 255];
    };
    const bad = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
        if (element.closest(".hidden, .skip, script, noscript, option, :disabled, [aria-disabled=true]")) continue;
        const [a, b] = [light(rgba(getComputedStyle(element).color)), light(under(element))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) bad.push(`${node.data.trim().slice(0, 12)} ${ratio.toFixed(2)} ${element.className}`);
    }
    return bad;
}"""


def walk_through(page: Page) -> None:
    """A little of everything that the page does."""
    ask(page, LIBRARY_ROOMS)
    page.locator(".said a.cite").first.click()
    expect(page.locator(".reader mark").first).to_be_visible()
    page.go_back()
    ask(page, NOWHERE)
    page.get_by_role("link", name="资料", exact=True).click()
    page.locator(".library .doc").first.wait_for()


def test_the_console_and_the_policy_have_nothing_to_say(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    walk_through(page)
    assert page.evaluate("window.violations") == []
    assert page.troubles == []  # type: ignore[attr-defined]


def test_nothing_comes_from_elsewhere(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    walk_through(page)
    assert {url for url in asked if not url.startswith(site.url)} == set()


def test_the_whole_walk_works_by_keyboard_alone(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(LIBRARY_ROOMS)
    page.keyboard.press("Enter")
    page.locator(".turn[data-status]").wait_for()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.said a.cite')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".reader .page")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#question")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 640])
@pytest.mark.parametrize("place", ["/", "/#library"])
def test_no_width_scrolls_sideways(site: Site, visit: Visit, width: int, place: str) -> None:
    page = visit(f"{site.url}{place}", viewport={"width": width, "height": 640})
    if place == "/":
        ask(page, LIBRARY_ROOMS)
    else:
        page.locator(".library .doc").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_letters_twice_as_large_still_fit(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    ask(page, LIBRARY_ROOMS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    expect(page.locator("[data-send]")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("question", [LIBRARY_ROOMS, NOWHERE])
def test_text_stands_out_from_its_ground(site: Site, visit: Visit, scheme: str, question: str) -> None:
    page = visit(site.url, color_scheme=scheme)
    ask(page, question)
    page.locator(".sources .opens").first.click()
    expect(page.locator(".reader mark").first).to_be_visible()
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_the_library(site: Site, visit: Visit, scheme: str) -> None:
    page = visit(f"{site.url}/#library", color_scheme=scheme, **PHONE)
    page.locator(".library .doc").first.wait_for()
    assert page.evaluate(CONTRAST) == []


def test_every_control_has_a_name(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    nameless = page.evaluate("""() => [...document.querySelectorAll("button, a, input, textarea, select")]
        .filter((one) => one.checkVisibility())
        .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || one.labels?.length))
        .map((one) => one.outerHTML)""")
    assert nameless == []


def test_the_answer_is_read_out_when_it_comes(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".words")).to_have_attribute("aria-live", "polite")
    assert page.locator(".answer").get_attribute("aria-busy") is None


def test_paper_carries_the_answer_and_its_sources_and_no_buttons(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.emulate_media(media="print")
    expect(page.locator(".sources .source").first).to_be_visible()
    expect(page.locator(".ask")).to_be_hidden()
    expect(page.locator(".places")).to_be_hidden()


def test_a_cut_inside_a_character_is_survived(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    wrong = page.evaluate("""async () => {
        const { Frames } = await import("/static/frames.js");
        const sent = ": 心跳\\n\\nevent: delta\\r\\ndata: {\\"text\\": \\"𠮷野村开了书店。\\"}\\r\\n\\r\\n"
            + "event: done\\ndata: 完\\n\\n";
        const bytes = new TextEncoder().encode(sent);
        const whole = JSON.stringify(new Frames().push(bytes));
        const wrong = JSON.parse(whole).length === 2 ? [] : ["whole"];
        for (let cut = 1; cut < bytes.length; cut += 1) {
            const frames = new Frames();
            const found = [...frames.push(bytes.slice(0, cut)), ...frames.push(bytes.slice(cut))];
            if (JSON.stringify(found) !== whole) wrong.push(cut);
        }
        const frames = new Frames();
        const single = [...bytes].flatMap((byte) => frames.push(Uint8Array.of(byte)));
        if (JSON.stringify(single) !== whole) wrong.push("bytewise");
        return wrong;
    }""")
    assert wrong == []


def test_code_points_and_units_convert_both_ways(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    wrong = page.evaluate("""async () => {
        const { Points } = await import("/static/points.js");
        const text = "甲𠮷乙𡈽𪚥丙";
        const points = new Points(text);
        const whole = [...text];
        const wrong = [];
        for (let start = 0; start <= whole.length; start += 1)
            for (let end = start; end <= whole.length; end += 1) {
                if (points.slice(start, end) !== whole.slice(start, end).join("")) wrong.push([start, end]);
                if (points.point(points.unit(start)) !== start) wrong.push(start);
            }
        return points.length === whole.length ? wrong : ["length"];
    }""")
    assert wrong == []
