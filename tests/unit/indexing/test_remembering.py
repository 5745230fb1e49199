from qa.indexing.remembering import Remembered


def reads(held, text):
    asked = []
    held.get(text, lambda key: asked.append(key) or key)
    return bool(asked)


def test_what_was_read_is_not_read_again():
    held = Remembered(2)
    held.get("柳溪县", str)
    assert not reads(held, "柳溪县")


def test_the_value_that_was_not_asked_for_longest_goes_first():
    held = Remembered(2)
    for text in ("云泽省", "青屿市", "云泽省", "柳溪县"):
        held.get(text, str)
    assert reads(held, "青屿市")
    assert not reads(held, "柳溪县")


def test_values_go_when_together_they_weigh_too_much():
    held = Remembered(10, 8, len)
    for text in ("云泽省全省", "青屿市", "柳溪县"):
        held.get(text, str)
    assert not reads(held, "青屿市")
    assert reads(held, "云泽省全省")


def test_a_value_too_heavy_to_hold_pushes_no_other_out():
    held = Remembered(10, 8, len)
    for text in ("青屿市", "桐湾区政府工作报告全文"):
        held.get(text, str)
    assert not reads(held, "青屿市")
    assert reads(held, "桐湾区政府工作报告全文")


def test_the_same_value_read_by_two_weighs_once():
    held = Remembered(10, 8, len)
    held.get("柳溪县", str)
    held.get("青屿市", lambda key: held.get(key, str))
    assert not reads(held, "柳溪县")
    assert not reads(held, "青屿市")


def test_room_is_free_again_after_a_clear():
    held = Remembered(10, 8, len)
    held.get("云泽省全省", str)
    held.clear()
    held.get("云泽省全省", str)
    held.get("柳溪县", str)
    assert not reads(held, "云泽省全省")
