"""The guard: decides on every drafted statement, and says what may run instead of it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlglot.errors import SqlglotError

from domain.catalog import Catalog
from domain.dictionary import Relationship
from domain.policy import Policy
from domain.verdict import Verdict, Violation
from sql_guard.allowed_schema import prepare_schema
from sql_guard.check_denied_columns import check_denied_columns
from sql_guard.check_form import check_form
from sql_guard.check_joins import check_joins
from sql_guard.check_listings import check_listings
from sql_guard.check_nodes import check_nodes
from sql_guard.check_resources import check_resources
from sql_guard.check_stars import check_stars
from sql_guard.check_text import check_text
from sql_guard.lint_fan_out import lint_fan_out
from sql_guard.lint_partitions import lint_partitions
from sql_guard.lint_truncation import lint_truncation
from sql_guard.output_names import read_output_names, restore_output_names
from sql_guard.parse_statement import forget_positions, parse_statement
from sql_guard.qualify_names import qualify_names
from sql_guard.query_views import tables_of, view_queries
from sql_guard.regenerate import regenerate_sql
from sql_guard.rejection import Rejection
from sql_guard.row_cap import apply_row_cap
from sql_guard.row_policies import apply_row_policies
from sql_guard.rules import GuardRules, load_rules
from sql_guard.small_groups import suppress_small_groups
from sql_guard.state_defaults import state_defaults
from sql_guard.syntax_nodes import group_by_kind
from sql_guard.tokenize_statement import tokenize_statement

_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


class Guard:
    """Judges statements against one catalog and one policy. Safe to share between threads."""

    def __init__(
        self,
        catalog: Catalog,
        policy: Policy,
        rules: GuardRules | None = None,
        relationships: Iterable[Relationship] = (),
    ) -> None:
        self._rules = rules or load_rules()
        self._policy = policy
        self._relationships = tuple(relationships)
        self._schema = prepare_schema(catalog, policy, self._rules.listings)

    def check(self, sql: str, attributes: Mapping[str, str] = _NO_ATTRIBUTES) -> Verdict:
        """Returns the verdict on one statement of Athena SQL; never raises.

        `attributes` are the caller's, from their identity: row policies compare columns to them.
        """
        try:
            return self._judge(sql, attributes)
        except Rejection as rejection:
            return Verdict(violations=rejection.violations)
        except RecursionError:
            return _refusal("too_complex", "The statement is nested too deeply.")
        except SqlglotError as error:
            return _refusal("syntax", "The statement cannot be read.", str(error)[:200])
        except Exception as error:  # noqa: BLE001 - default deny: what the guard cannot judge does not run
            return _refusal(
                "guard_failed", "The statement could not be checked.", type(error).__name__
            )

    def _judge(self, sql: str, attributes: Mapping[str, str]) -> Verdict:
        rules = self._rules
        check_text(sql, rules.limits)
        tokens = tokenize_statement(sql, rules)
        tree = parse_statement(tokens, sql)
        nodes = list(tree.walk())
        kinds = group_by_kind(nodes)
        _stop_on(check_nodes(kinds, sql, rules) + check_form(tokens, kinds))
        _stop_on(check_resources(kinds, sql, rules.limits))
        check_stars(kinds, self._schema, rules.limits)
        forget_positions(nodes)
        state_defaults(kinds)
        names = read_output_names(tree)
        tree = qualify_names(tree, kinds, self._schema)
        views = view_queries(tree, self._schema)
        _stop_on(
            check_denied_columns(views, self._policy.allow_count_distinct_of_denied)
            + check_listings(views, rules)
            + check_joins(views, rules)
        )
        tables = tuple(sorted({table.id[1] for view in views for _, table in tables_of(view)}))
        warnings = (
            lint_partitions(views)
            + lint_fan_out(views, self._relationships)
            + lint_truncation(views)
        )
        notes = suppress_small_groups(views, self._policy.min_group_size, rules)
        apply_row_policies(views, attributes)
        tree = apply_row_cap(tree, self._policy.row_cap)
        restore_output_names(tree, names)
        sql = regenerate_sql(tree, views, self._schema)
        return Verdict(sql=sql, tables=tables, warnings=tuple(warnings), notes=notes)


def _stop_on(violations: list[Violation]) -> None:
    if violations:
        raise Rejection(*violations)


def _refusal(rule: str, message: str, hint: str = "") -> Verdict:
    return Verdict(violations=(Violation(rule=rule, message=message, hint=hint),))
