from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from dsadesk import errors
from dsadesk.cli.main import root
from dsadesk.codec.canonical import CanonicalError
from dsadesk.errors import (
    AnswersError,
    BundleError,
    CardError,
    CatalogueError,
    ContainerError,
    ContentsError,
    DsadeskError,
    KeyStoreError,
    NotAllowedInStageError,
    RuleError,
    StoreError,
    StoreMissingError,
    StoreUnreachableError,
    TrustError,
    VaultError,
    WrongKeyError,
)
from dsadesk.ports import KeyStoreState, QuarantinedBundle
from dsadesk.questions.sentences import say_refusal
from dsadesk.services.wording import Explanation, door_words, explain, explain_quarantined, problem_words
from dsadesk.services.wording.errors import SAYINGS, own_saying
from dsadesk.services.wording.faults.saying import ANY, Saying
from dsadesk.services.wording.filling import needs
from dsadesk.sync.receive import IncompleteError

SOURCE = Path(errors.__file__).parent
TREES = {
    path: ast.parse(path.read_text("utf-8"))
    for path in sorted(SOURCE.rglob("*.py"))
    if "age" not in path.relative_to(SOURCE).parts and "wording" not in path.relative_to(SOURCE).parts
}
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
PROMISE = re.compile(r'(\w+Error)\(((?:"[a-z0-9-]+"(?:\s*\|\s*)?)+)')
ENVELOPE = ("envelope-fields", "envelope-json", "envelope-signatures", "envelope-type")
KEY_STORE = tuple(state.value for state in KeyStoreState if state is not KeyStoreState.WORKS)

# Codes that are made at run time, by the file and the expression that gives them. A new one fails until it is written down here.
MADE_AT_RUN_TIME = {
    ("bundle/unseal.py", "error.code"): ENVELOPE,
    ("host/keyring.py", "KeyStoreState.FAILS.value"): ("fails",),
    ("host/keyring.py", "KeyStoreState.NO_BACKEND.value"): ("no-backend",),
    ("host/keyring.py", "KeyStoreState.REFUSED_BACKEND.value"): ("refused-backend",),
    ("host/keyring.py", "_state_of(error).value"): KEY_STORE,
    ("host/memory.py", "self.state.value"): KEY_STORE,
    ("inspection/inspector.py", "answer.code"): (),  # codes of inspection/tables.py, which are found there
    ("questions/parse.py", "fault_in(look, index)"): (
        "column-unknown", "condition-form", "condition-kind", "option-unknown", "question-unknown",
    ),
    ("services/wrapping_keys.py", "code"): ("other-secret", "passphrase", "recovery-words"),
    ("services/wrapping_keys.py", "state.value"): KEY_STORE,
    ("sync/pace.py", "valve.reason"): ("cancelled", "paused"),
    ("sync/runner.py", "self._valve.reason"): ("cancelled", "paused"),
}  # fmt: skip


class Raised(NamedTuple):
    """An error as some place in the program makes it: class, code, the names of its fields, and where."""

    kind: str
    code: str
    fields: tuple[str, ...]
    where: str


def error_classes() -> dict[str, type[DsadeskError]]:
    """Every class of ours, wherever it is defined, found by its bases."""
    found: dict[str, type[DsadeskError]] = {"DsadeskError": DsadeskError}
    size = 0
    while size != len(found):
        size = len(found)
        for path, tree in TREES.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef) and any(
                    isinstance(b, ast.Name) and b.id in found for b in node.bases
                ):
                    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
                    found[node.name] = getattr(importlib.import_module(".".join(parts)), node.name)
    return found


CLASSES = error_classes()


class Finder:
    """Reads one module for the errors that it makes."""

    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(SOURCE).as_posix()
        self.tree = TREES[path]
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def raised(self) -> Iterator[Raised]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for kind in self.kinds(node.func):
                    fields = tuple(keyword.arg for keyword in node.keywords if keyword.arg)
                    assert node.args, f"{self.name}:{node.lineno} makes an error without a code"
                    for code in self.codes(node.args[0], node):
                        yield Raised(kind, code, fields, f"{self.name}:{node.lineno}")
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:  # a row of a table of faults
                kind, code = node.elts
                if isinstance(kind, ast.Name) and kind.id in CLASSES and is_text(code):
                    yield Raised(kind.id, code.value, (), f"{self.name}:{node.lineno}")

    def kinds(self, function: ast.Name) -> list[str]:
        """The classes that a call makes: the one named, or those that a parameter `type[…]` is given."""
        if function.id in CLASSES:
            return [function.id]
        around = self.function_around(function)
        parameter = (
            next((a for a in around.args.args + around.args.kwonlyargs if a.arg == function.id), None)
            if around
            else None
        )
        if parameter is None or not re.match(
            r"type\[\w+Error\]", ast.unparse(parameter.annotation or ast.Constant(""))
        ):
            return []
        given = [
            keyword.value.id
            for tree in TREES.values()
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == around.name
            for keyword in call.keywords
            if keyword.arg == parameter.arg and isinstance(keyword.value, ast.Name)
        ]
        return [kind for kind in sorted(set(given)) if kind in CLASSES]

    def codes(self, expression: ast.expr, at: ast.AST, seen: tuple[str, ...] = ()) -> list[str]:
        """The literal codes that an expression can be."""
        source = ast.unparse(expression)
        if is_text(expression):
            return [expression.value] if expression.value else []
        if isinstance(expression, ast.IfExp):
            return self.codes(expression.body, at, seen) + self.codes(expression.orelse, at, seen)
        if (self.name, source) in MADE_AT_RUN_TIME:
            return list(MADE_AT_RUN_TIME[self.name, source])
        if isinstance(expression, ast.Name):
            around = self.function_around(at)
            assert around is not None
            key = f"{around.name}.{source}"
            values = self.values_of(expression.id, around) if key not in seen else []
            found = [code for value, place in values for code in self.codes(value, place, (*seen, key))]
            if found or self.table_of(expression.id, around):
                return found
        pytest.fail(f"{self.name}:{at.lineno}: write down in MADE_AT_RUN_TIME what codes “{source}” can be")

    def values_of(self, name: str, around: ast.FunctionDef) -> list[tuple[ast.expr, ast.AST]]:
        """What a variable is set to in a function, or what its callers give it when it is a parameter."""
        assigned = [
            (node.value, node)
            for node in ast.walk(around)
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
        ]
        names = [argument.arg for argument in around.args.args]
        if assigned or name not in names:
            return assigned
        place = names.index(name) - (names[0] == "self")
        calls = [
            n
            for n in ast.walk(self.tree)
            if isinstance(n, ast.Call) and ast.unparse(n.func).split(".")[-1] == around.name
        ]
        given = [(call.args[place], call) for call in calls if len(call.args) > place]
        return given + [(k.value, call) for call in calls for k in call.keywords if k.arg == name]

    def table_of(self, name: str, around: ast.FunctionDef) -> bool:
        """Whether a variable comes out of a table of faults, whose rows are found by themselves: `kind, code = TABLE[…]`."""
        return any(
            isinstance(node, ast.Assign)
            and isinstance(target, ast.Tuple)
            and name in [ast.unparse(e) for e in target.elts]
            for node in ast.walk(around)
            if isinstance(node, ast.Assign)
            for target in node.targets
        )

    def function_around(self, node: ast.AST) -> ast.FunctionDef | None:
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, ast.FunctionDef):
                return node
        return None


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def promised() -> Iterator[Raised]:
    """Every code that a docstring promises, so that a sentence is there before the first adapter raises it."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                for kind, codes in PROMISE.findall(ast.get_docstring(node) or ""):
                    for code in re.findall(r'"([a-z0-9-]+)"', codes):
                        if kind in CLASSES:
                            yield Raised(kind, code, (), path.relative_to(SOURCE).as_posix())


RAISED = sorted({raised for path in TREES for raised in Finder(path).raised()})
PROMISED = sorted(set(promised()))
SAMPLE_VALUES: dict[str, object] = {
    "action": "RequestApproved", "stage": "clarifying", "columns": ("nhs_number", "name"), "allowed": ("phone", "in-person"),
    "expires": "2026-03-02T10:00:00Z", "until": "2026-03-02T10:00:00Z", "circle": ("a", "b"), "unknown": ("x",),
    "paths": ("purpose.aim",), "codes": ("question-unknown",), "expected": ("a question of core",),
    "why": "HmacError: library text", "reason": "ENODEV", "cause": "DBusException",
}  # fmt: skip
COUNTS = frozenset(
    [
        "n",
        "line",
        "limit",
        "size",
        "count",
        "version",
        "known",
        "position",
        "cells",
        "seq",
        "least",
        "offset",
        "byte",
        "column",
        "max_bytes",
        "max_depth",
        "exit",
        "seconds",
        "more",
        "max_characters",
        "problems",
        "answers",
    ]
)


def an_error(raised: Raised) -> DsadeskError:
    fields = {name: SAMPLE_VALUES.get(name, 7 if name in COUNTS else f"a {name}") for name in raised.fields}
    return CLASSES[raised.kind](raised.code, **fields)


def said(raised: Raised) -> str:
    return f"{raised.kind} {raised.code} ({raised.where})"


def sentences() -> Iterator[tuple[str, Saying]]:
    for kind, table in SAYINGS.items():
        for code, saying in table.items():
            form: Saying | None = saying
            while form is not None:
                yield f"{kind.__name__} {code}", form
                form = form.otherwise


# ---------------------------------------------------------------- every code has its sentence


def test_the_reading_of_the_program_finds_errors_made_in_every_way() -> None:
    found = {(raised.kind, raised.code) for raised in RAISED}
    assert ("RuleError", "no-supplier") in found  # a literal
    assert ("SignatureError", "signature-twice") in found  # one of two literals
    assert ("KeyStoreError", "backend-changed") in found  # a variable
    assert ("WrongKeyError", "recovery-words") in found  # a parameter
    assert ("AnswersError", "file-not-json") in found  # a class that is a parameter
    assert ("VaultError", "disk-error") in found  # a row of a table
    assert ("IncompleteError", "part-missing") in found  # a class that is defined elsewhere
    assert len(found) > 200


def test_every_code_that_the_program_raises_has_a_sentence_of_its_own() -> None:
    assert [said(raised) for raised in RAISED if own_saying(CLASSES[raised.kind], raised.code) is None] == []


def test_every_code_that_a_docstring_promises_has_a_sentence_of_its_own() -> None:
    assert [said(raised) for raised in PROMISED if own_saying(CLASSES[raised.kind], raised.code) is None] == []


def test_no_code_that_the_program_raises_falls_back_to_a_general_sentence() -> None:
    own = {saying.what for where, saying in sentences() if not where.endswith(ANY)}
    general = {table[ANY].what for table in SAYINGS.values() if ANY in table} - own
    assert len(general) > 15
    fallen = [said(raised) for raised in RAISED if explain(an_error(raised)).what in general]
    assert fallen == []


def test_every_place_that_raises_tells_enough_for_some_form_of_its_sentence() -> None:
    lacking = [said(raised) for raised in RAISED if raised.fields and "…" in "".join(texts(explain(an_error(raised))))]
    assert lacking == []


def test_every_kind_of_error_has_a_general_sentence_for_codes_still_to_come() -> None:
    for name, kind in CLASSES.items():
        explained = explain(kind("a-code-of-next-year"))
        assert explained.what, name
        assert explained.todo, name
    assert "a-code-of-next-year" in explain(DsadeskError("a-code-of-next-year")).todo


def test_codes_have_one_form() -> None:
    assert [said(raised) for raised in RAISED if CODE.match(raised.code) is None] == []


# ---------------------------------------------------------------- what the sentences are like


def texts(explained: Explanation) -> tuple[str, ...]:
    return (explained.what, explained.todo, *explained.details)


def test_each_sentence_is_one_sentence_with_a_full_stop() -> None:
    for where, saying in sentences():
        for text in (saying.what, saying.todo):
            assert text.endswith("."), where
            assert text[0].isupper() or text[0] in "“{", where
            assert re.search(r"[.!?] [A-Z]", text) is None, f"{where}: {text}"


def test_sentences_are_short_enough_to_read() -> None:
    long = {f"{where}: {text}" for where, s in sentences() for text in (s.what, s.todo) if len(text.split()) > 27}
    assert long == set()


def test_sentences_use_no_word_of_the_machine_room() -> None:
    jargon = re.compile(
        r"\b(manifest|envelope|stanza|canonical|hash|digest|sha-?256|errno|exception|null|boolean|payload|header|zip|mimetype"
        r"|ed25519|ml-dsa|struct|transaction|sql|database|schema|seed|device id|please|click)\b",
        re.IGNORECASE,
    )
    assert [f"{where}: {s}" for where, s in sentences() if jargon.search(f"{s.what} {s.todo}")] == []


def test_somebody_at_the_window_is_sent_to_no_command() -> None:
    typed = re.compile(rf"dsadesk ({'|'.join(root.commands)}) |--[a-z]")
    assert [f"{where}: {s}" for where, s in sentences() if typed.search(f"{s.what} {s.todo}")] == []


def test_the_commands_that_the_command_line_names_are_there() -> None:
    named = {s.command for _, s in sentences() if s.command}
    assert named
    for command in named:
        group: click.Command = root
        for word in re.match(r"dsadesk ((?:[a-z-]+ ?)+)", f"{command} ")[1].split():  # type: ignore[index]
            if not isinstance(group, click.Group) or word.startswith("--"):
                break
            assert word in group.commands, command
            group = group.commands[word]
        assert not isinstance(group, click.Group), command


def test_library_text_and_addresses_of_code_are_never_shown() -> None:
    for raised in RAISED:
        shown = " ".join(texts(explain(an_error(raised))))
        for hidden in ("library text", "ENODEV", "DBusException", "{", "}", "<", "dsadesk."):
            assert hidden not in shown.replace("of dsadesk.", "").replace("(dsadesk)", ""), said(raised)


def test_no_sentence_asks_for_reasons_of_the_library() -> None:
    for where, saying in sentences():
        assert not needs(saying.what) & {"why", "reason", "cause", "errno"}, where


def test_each_form_of_a_sentence_asks_for_less_than_the_one_before() -> None:
    for where, saying in sentences():
        if saying.otherwise is not None:
            assert needs(saying.otherwise.what) | needs(saying.otherwise.todo) < needs(saying.what) | needs(
                saying.todo
            ), where


@pytest.mark.parametrize("door", [kind for kind in SAYINGS if issubclass(kind, BundleError)])
def test_a_bundle_that_stopped_names_its_check_and_that_nothing_was_believed(door: type[BundleError]) -> None:
    for code, saying in SAYINGS[door].items():
        if code.startswith("document-"):
            continue
        form: Saying | None = saying
        while form is not None:
            assert re.match(r"This (bundle|file) stopped at (the|one of the) .*check", form.what), (code, form.what)
            assert form.todo.startswith("Nothing in it was believed"), (code, form.todo)
            never_kept = form.todo.startswith("Nothing in it was believed and nothing was taken in;")
            assert never_kept or "it is kept in quarantine" in form.todo, (code, form.todo)
            form = form.otherwise


def test_only_the_file_itself_may_be_no_bundle_that_is_kept() -> None:
    of_the_file = {code for code, saying in SAYINGS[ContainerError].items() if "nothing was taken in" in saying.todo}
    assert of_the_file == {
        "member-name", "member-order", "member-packed", "member-twice", "mimetype", "not-a-bundle", "too-large", "trailing-bytes",
    }  # fmt: skip
    others = [table for kind, table in SAYINGS.items() if issubclass(kind, BundleError) and kind is not ContainerError]
    assert not [code for table in others for code, saying in table.items() if "nothing was taken in" in saying.todo]


# ---------------------------------------------------------------- whose fault, whose key


def test_the_same_code_says_another_thing_for_another_kind_of_error() -> None:
    catalogue = explain(CatalogueError("too-large", name="assets.csv", limit=64 * 1024 * 1024))
    container = explain(ContainerError("too-large", limit=64 * 1024 * 1024))
    assert catalogue.what == "The catalogue file “assets.csv” is larger than the limit of 64MB."
    assert container.what == "This bundle stopped at the check of its outer form: it is larger than the limit of 64MB."


def test_a_class_says_what_the_class_above_it_says_unless_it_has_its_own() -> None:
    class LateError(StoreMissingError):
        pass

    assert explain(LateError("folder-missing")) == explain(StoreMissingError("folder-missing"))
    assert explain(IncompleteError("part-missing")) != explain(StoreMissingError("part-missing"))
    assert explain(IncompleteError("folder-missing")).what == explain(StoreMissingError("folder-missing")).what


def test_an_expired_card_is_yours_or_theirs() -> None:
    error = CardError("card-expired", org="hm-land-registry", expires="2026-03-02T10:00:00Z")
    theirs = explain(error, own="environment-agency", name_of=lambda org: {"hm-land-registry": "HM Land Registry"}[org])
    ours = explain(error, own="hm-land-registry")
    assert theirs.what == "The card of HM Land Registry ran out on 2 March 2026, so nothing may be sealed to them."
    assert ours.what == "Your own organisation's card ran out on 2 March 2026, so nothing may be sealed with it."


def test_a_changed_key_is_never_taken_for_ones_own() -> None:
    error = TrustError("key-changed", org="hm-land-registry", now="aa", before="bb")
    assert (
        "hm-land-registry uses another key than the one that you know" in explain(error, own="environment-agency").what
    )
    assert "your own organisation" in explain(error, own="hm-land-registry").what


def test_a_reason_of_ours_that_reads_like_a_mark_of_ours_changes_nothing() -> None:
    error = CardError("card-expired", org="hm-land-registry", expires="2026-03-02T10:00:00Z", why="ours")
    assert "Your own" not in explain(error, own="environment-agency").what


def test_each_state_of_the_key_store_has_a_sentence_of_its_own_and_says_your() -> None:
    codes = [*KEY_STORE, "item-missing", "backend-changed", "not-used"]
    whats = [
        explain(KeyStoreError(code, before="kwallet", now="libsecret", backend="plaintext")).what for code in codes
    ]
    whats.append(explain(WrongKeyError("other-secret")).what)
    assert len(set(whats)) == len(codes) + 1
    assert all("our key store" in what or "our computer" in what or "our vault" in what for what in whats)
    assert "kwallet" in whats[codes.index("backend-changed")]


def test_no_sentence_about_a_vault_or_its_key_offers_to_delete_anything() -> None:
    for kind, table in SAYINGS.items():
        if issubclass(kind, VaultError | KeyStoreError):
            for code, saying in table.items():
                assert not re.search(
                    r"\b(delete|remove|erase|reset)\b", f"{saying.what} {saying.todo}", re.IGNORECASE
                ), code


def test_a_wrong_drive_is_told_from_a_missing_one_and_from_an_empty_one() -> None:
    codes = ("folder-missing", "folder-empty", "marker-missing", "other-store", "not-a-folder", "marker-damaged")
    assert len({explain(StoreMissingError(code, address="E:\\stick")).what for code in codes}) == len(codes)


def test_an_act_and_a_stage_go_by_the_names_on_the_screen() -> None:
    error = NotAllowedInStageError("not-in-stage", action="RequestApproved", stage="clarifying")
    assert explain(error).what == (
        "“Agree in principle” is not possible here while the request stands at “Waiting for a reply”."
    )


def test_one_thing_to_put_right_is_not_one_things() -> None:
    assert explain(RuleError("findings", count=1, first="purpose.aim")).what.startswith(
        "The request has 1 thing to put right"
    )
    assert explain(RuleError("findings", count=12, first="purpose.aim")).what.startswith(
        "The request has 12 things to put"
    )


def test_a_reason_inside_a_code_chooses_the_more_telling_sentence() -> None:
    left = explain(ContentsError("event-author", event="x", why="signer-left"))
    other = explain(ContentsError("event-author", event="x", why="something-new"))
    assert left.what != other.what
    assert "who had left" in left.what


# ---------------------------------------------------------------- answers files, quarantine, deliveries


def test_an_answers_file_lists_each_problem_and_how_many_more() -> None:
    error = AnswersError(
        "answers-refused",
        count=5,
        paths=("purpose.aim", "nonsense"),
        codes=("text-expected", "question-unknown"),
        expected=("text", "a question of core"),
    )
    explained = explain(error)
    assert explained.what == "The answers file has 5 things that cannot be used."
    assert explained.details == (*say_refusal(error), "There are 3 more.")
    assert explain(
        AnswersError("answers-refused", count=1, paths=("a",), codes=("key-twice",), expected=("",))
    ).what == ("The answers file has 1 thing that cannot be used.")


def test_a_damaged_list_of_problems_is_left_out_and_the_rest_is_said() -> None:
    assert explain(AnswersError("answers-refused", count=2)).details == ()
    assert explain(AnswersError("answers-refused", paths=("a", "b"), codes=("x",), expected=("y",))).details == ()


def quarantined(door: str, code: str, **fields: object) -> QuarantinedBundle:
    at = datetime(2026, 3, 2, 9, 41, tzinfo=UTC)
    return QuarantinedBundle(id="q", door=door, code=code, fields=fields, size=3, sha256="q", source="inbox", at=at)


def test_a_bundle_in_quarantine_is_explained_as_when_it_was_stopped() -> None:
    error = TrustError("two-contents", org="hm-land-registry", device="d", seq=4)
    held = quarantined("trust", "two-contents", org="hm-land-registry", device="d", seq=4)
    assert explain_quarantined(held) == explain(error)
    assert "delivery 4 from hm-land-registry" in explain(error).what


def test_a_door_or_code_of_a_later_version_is_still_explained() -> None:
    assert explain_quarantined(quarantined("turnstile", "rusty")).what == "This bundle stopped at one of the checks."
    assert (
        explain_quarantined(quarantined("trust", "rusty")).what == "This bundle stopped at the check of who signed it."
    )
    assert door_words("trust") == "who signed"
    assert door_words("turn\u202estile") == "turnstile"


def test_a_fault_in_something_kept_is_not_said_to_be_in_quarantine() -> None:
    explained = explain(ContentsError("agreement-digest", version=2), stored=True)
    assert "quarantine" not in explained.todo
    assert "quarantine" in explain(ContentsError("agreement-digest", version=2)).todo
    text = ContentsError("document-text", path="blocks[2]")
    assert explain(text, stored=True) == explain(text)
    assert "quarantine" not in explain(text).todo


def test_the_outbox_keeps_only_a_code_and_it_is_enough_for_a_sentence() -> None:
    for raised in RAISED:
        if issubclass(CLASSES[raised.kind], StoreError):
            words = problem_words(raised.code)
            assert words.endswith("."), said(raised)
            assert "…" not in words, said(raised)
            assert "{" not in words, said(raised)
    assert problem_words("store-full") == "There is no room left in the place that you chose."
    assert problem_words("rusty") == problem_words(ANY) == "The place that bundles go to cannot be used now."


# ---------------------------------------------------------------- never failing, never misled


def test_fields_that_are_missing_or_of_another_kind_never_stop_an_explanation() -> None:
    for raised in RAISED:
        for value in ("text", 3, True, ("a", "b"), ""):
            fields = dict.fromkeys(raised.fields, value)
            for text in texts(explain(CLASSES[raised.kind](raised.code, **fields))):
                assert text.strip(), said(raised)
        assert explain(CLASSES[raised.kind](raised.code)).what, said(raised)


def test_a_hostile_file_name_cannot_turn_hide_or_break_a_sentence() -> None:
    name = "harmless\u202efdp.exe\x1b[2J\n\nAll clear.\u200b" + "x" * 5000
    shown = explain(RuleError("file-unreadable", name=name, why="{secret}")).what
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert len(shown) < 400


def test_braces_in_a_field_are_text_and_never_fill_anything() -> None:
    shown = explain(RuleError("no-such-request", request="{code} {0} {request.__class__}")).what
    assert shown == "There is no request “{code} {0} {request.__class__}” on this laptop."


def test_an_unreachable_store_promises_that_what_waits_is_kept() -> None:
    for code in ("store-unreachable", "store-busy", "no-access"):
        assert "whatever waits is kept" in explain(StoreUnreachableError(code, address="//share/inbox")).todo


def test_data_that_cannot_be_signed_is_explained_for_each_rule_it_breaks() -> None:
    codes = [code for code in SAYINGS[CanonicalError] if code != ANY]
    assert len({explain(CanonicalError(code, key="ö")).what for code in codes}) == len(codes)
