from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be done and, if not, the sentence that says why. True or false like its answer."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


def no(reason: object = "") -> Decision:
    return Decision(False, str(reason))
