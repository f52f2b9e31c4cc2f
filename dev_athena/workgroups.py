"""Workgroups: where results go, and how much a statement may scan."""

from dataclasses import dataclass, replace
from typing import Any

from dev_athena.service_error import invalid_request


@dataclass(frozen=True, slots=True)
class Workgroup:
    """Settings that stand over those of a request where they are enforced."""

    name: str
    output_location: str
    cutoff_bytes: int | None = None
    is_enabled: bool = True
    is_enforced: bool = True

    def with_cutoff(self, cutoff_bytes: int | None) -> "Workgroup":
        """Returns the same workgroup with another cutoff."""
        return replace(self, cutoff_bytes=cutoff_bytes)

    def describe(self) -> dict[str, Any]:
        """Returns the API's WorkGroup."""
        configuration: dict[str, Any] = {
            "ResultConfiguration": {"OutputLocation": self.output_location},
            "EnforceWorkGroupConfiguration": self.is_enforced,
            "PublishCloudWatchMetricsEnabled": False,
            "RequesterPaysEnabled": False,
            "EngineVersion": {
                "SelectedEngineVersion": "AUTO",
                "EffectiveEngineVersion": "Athena engine version 3",
            },
        }
        if self.cutoff_bytes is not None:
            configuration["BytesScannedCutoffPerQuery"] = self.cutoff_bytes
        state = "ENABLED" if self.is_enabled else "DISABLED"
        return {"Name": self.name, "State": state, "Configuration": configuration}

    def result_location(self, asked: str | None) -> str:
        """Returns where the results of a request go."""
        location = self.output_location if self.is_enforced or not asked else asked
        if not location:
            raise invalid_request("No output location provided. An output location is required.")
        return location.rstrip("/") + "/"


class Workgroups:
    """Workgroups by name."""

    def __init__(self, *workgroups: Workgroup) -> None:
        self._by_name = {workgroup.name: workgroup for workgroup in workgroups}

    def put(self, workgroup: Workgroup) -> None:
        """Adds or replaces one."""
        self._by_name[workgroup.name] = workgroup

    def get(self, name: str) -> Workgroup:
        """Returns one that statements may run in."""
        if name not in self._by_name:
            raise invalid_request(f"WorkGroup {name} is not found.")
        return self._by_name[name]

    def usable(self, name: str) -> Workgroup:
        """Returns one that statements may run in."""
        workgroup = self.get(name)
        if not workgroup.is_enabled:
            raise invalid_request(f"WorkGroup {name} is disabled.")
        return workgroup

    def names(self) -> list[str]:
        """Returns every name."""
        return sorted(self._by_name)
