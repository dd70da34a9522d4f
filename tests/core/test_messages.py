from libconsortium import Message


def test_a_message_says_its_values_in_its_template() -> None:
    assert str(Message("no {kind} called {name!r}", kind="report", name="x")) == (
        "no report called 'x'"
    )


def test_a_template_without_values_may_hold_braces() -> None:
    assert str(Message("a set {1, 2}")) == "a set {1, 2}"


def test_a_translation_takes_the_same_values_in_its_own_order() -> None:
    vietnamese = {"{count} of {whole}": "trong {whole} có {count}"}

    said = Message("{count} of {whole}", count=2, whole=5).translated(vietnamese.get)

    assert said == "trong 5 có 2"


def test_an_unknown_or_empty_translation_leaves_english() -> None:
    message = Message("done")

    assert message.translated(lambda _: None) == "done"
    assert message.translated(lambda _: "") == "done"


def test_a_message_inside_a_message_is_translated_too() -> None:
    vietnamese = {"no {kind}": "không có {kind}", "report": "báo cáo"}

    said = Message("no {kind}", kind=Message("report")).translated(vietnamese.get)

    assert said == "không có báo cáo"


def test_messages_with_the_same_values_are_equal_whatever_their_order() -> None:
    assert Message("{a}{b}", a=1, b=2) == Message("{a}{b}", b=2, a=1)
