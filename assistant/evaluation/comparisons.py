"""Every set against the baseline and against another run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.evaluation.baseline import Standing, is_worse
from assistant.evaluation.significance import Paired


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Every set against the baseline and against another run, by set name, and all sets together."""

    standings: Mapping[str, Standing] = field(default_factory=dict)
    against: Mapping[str, Paired] = field(default_factory=dict)
    pooled_baseline: Paired | None = None
    pooled_against: Paired | None = None

    @property
    def worse(self) -> list[str]:
        """Names of the sets below their baseline by more than noise; 合计 for all together."""
        names = [name for name, each in self.standings.items() if each.worse]
        together = self.pooled_baseline is not None and is_worse(self.pooled_baseline)
        return names + (["合计"] if together and len(self.standings) > 1 else [])
