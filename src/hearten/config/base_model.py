"""The base of everything that can be written in the configuration."""

from typing import Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.fields import FieldInfo

from hearten.config.faults import Fault
from hearten.config.messages import example_of, what_and_remedy
from hearten.config.yaml_source import Step, YamlMapping, YamlPosition, reported_already


class Entry(BaseModel):
    """A mapping of the configuration.

    Validation goes on past a fault: the fault is added to the list in the validation context, the
    faulty key gives way to its default (or, where it must be given, to its example), and so what
    is beside it can be checked in the same run. Where there was any fault, no plan is made.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    _where: YamlPosition = PrivateAttr()
    _damaged: frozenset[str] = PrivateAttr(default=frozenset())

    @property
    def place(self) -> str:
        """Where the entry stands, as `file:line`."""
        return f"{self._where.file}:{self._where.line}"

    def fault(self, what: str, *steps: Step, remedy: str) -> Fault:
        """Return what is wrong as a fault at the key (and item or sub-key) that `steps` name."""
        return self._where.fault(what, *steps, remedy=remedy)

    def sound(self, *keys: str) -> bool:
        """Whether what stands at `keys` is what was written."""
        return self._damaged.isdisjoint(keys)

    def written(self, key: str) -> bool:
        """Whether somebody wrote `key`."""
        return (key,) in self._where.lines

    def placed(self, where: YamlPosition, damaged: frozenset[str]) -> Self:
        """Return the entry, which now knows where it stands and which keys are not sound."""
        self._where, self._damaged = where, damaged
        return self

    def as_unread(self) -> Self:
        """Return the entry, sound nowhere: its file could not be read."""
        return self.placed(self._where, frozenset(self.known_keys()))

    @model_validator(mode="wrap")
    @classmethod
    def _go_on(
        cls, data: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        if not isinstance(data, YamlMapping):
            return handler(data)
        damaged: frozenset[str] = frozenset()
        try:
            entry = handler(data)
        except ValidationError as error:
            problems = error.errors()
            faults: list[Fault] = info.context if isinstance(info.context, list) else []
            faults += [
                data.where.fault(what, *problem["loc"][:2], remedy=remedy)
                for problem in problems
                if problem["type"] == "extra_forbidden" or not reported_already(problem["input"])
                for what, remedy in [what_and_remedy(problem, cls.known_keys())]
            ]
            damaged = frozenset(str(problem["loc"][0]) for problem in problems)
            entry = handler(cls._without_faults(data, damaged))
        return entry.placed(data.where, damaged)

    @classmethod
    def _without_faults(cls, data: YamlMapping, damaged: frozenset[str]) -> dict[str, object]:
        sound = {key: value for key, value in data.items() if key not in damaged}
        for key, field in cls.known_keys().items():
            if field.is_required():
                sound.setdefault(key, example_of(field))
        return sound

    @classmethod
    def known_keys(cls) -> dict[str, FieldInfo]:
        """Return the keys that may be written, each with what is known of it."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}
