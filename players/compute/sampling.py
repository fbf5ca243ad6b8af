"""Several samples of one question: the action that most of them name, or the sample that is likeliest."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from games.base import Action
from players.base import Call, PlayerError, Reply, Turn
from players.completers.base import Completion, ProviderError, Request, TurnTimeout
from players.compute.base import Asking, ComputePlayer, Decision, in_words
from players.llm import LLMPlayer


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer that came in time, as a call and as a reply."""

    number: int
    call: Call
    completion: Completion
    reply: Reply


class SamplingPlayer(ComputePlayer):
    """Asks the same question several times at once, and makes one reply of the answers.

    Samples that come too late are not waited for and have no say; if all do, the turn is out of time.
    Samples that are not readable have no say either; if none is, the first is the reply, problem and all.
    """

    def __init__(self, inner: LLMPlayer, samples: int) -> None:
        super().__init__(inner)
        if samples < 2:
            raise PlayerError(f"{inner.name}: {self.kind}={samples} chooses among nothing; 2 is the least")
        if inner.sampling.temperature == 0 or inner.sampling.top_p == 0:
            raise PlayerError(
                f"{inner.name}: at temperature 0 all samples are the same, and {self.kind} chooses among "
                f"nothing; add temperature=1"
            )
        self.samples = samples

    @property
    def calls_at_most(self) -> int:
        return self.samples

    @property
    def method(self) -> Mapping[str, Any]:
        return {"samples": self.samples}

    def question(self, turn: Turn, number: int) -> Request:
        """What is asked for a sample, counted from 0: the same seed twice would give it twice."""
        request = self.inner.request(turn)
        seed = request.sampling.seed
        own = None if seed is None else seed + number
        return replace(request, sampling=replace(request.sampling, seed=own))

    async def decide(self, turn: Turn, asking: Asking) -> Decision:
        asked = [(f"sample {i + 1} of {self.samples}", self.question(turn, i)) for i in range(self.samples)]
        samples = self._read(turn, asking, await asking.ask_all(asked))
        if not samples:
            raise TurnTimeout
        readable = [sample for sample in samples if sample.reply.action is not None]
        chosen, note = self.pick(turn, readable) if readable else (samples[0], "no sample was readable")
        left_out = self.samples - len(readable)
        note += f"; {left_out} of {self.samples} samples had no say" if readable and left_out else ""
        return replace(chosen.reply, note=f"{note}; the reply is sample {chosen.number}"), chosen.call

    def _read(self, turn: Turn, asking: Asking, calls: Sequence[Call]) -> list[Sample]:
        samples = []
        for number, call in enumerate(calls, 1):
            if call.completion is not None:
                reply = self.inner.read(call.completion, turn)
                noted = asking.found(call, in_words(reply, turn))
                samples.append(Sample(number, noted, call.completion, reply))
        return samples

    @abstractmethod
    def pick(self, turn: Turn, samples: Sequence[Sample]) -> tuple[Sample, str]:
        """Which of the readable samples is the reply, and why."""


class VotingPlayer(SamplingPlayer):
    """Self-consistency: the action that most samples name; between equals the turn's own chance decides.

    Every readable action is a vote, an illegal one too: to count legal ones only would lend the model the
    referee's eyes. The reply, its claim included, is the first sample that names the winning action.
    """

    kind: ClassVar[str] = "vote"

    def pick(self, turn: Turn, samples: Sequence[Sample]) -> tuple[Sample, str]:
        votes = Counter(sample.reply.action for sample in samples if sample.reply.action is not None)
        winner = elected(votes, turn)
        chosen = next(sample for sample in samples if sample.reply.action == winner)
        counts = ", ".join(f"{turn.game.format_action(turn.state, a)}: {n}" for a, n in votes.most_common())
        return chosen, f"votes {counts}"


def elected(votes: Mapping[Action, int], turn: Turn) -> Action:
    """The action with the most votes; between equals the turn's own chance decides."""
    most = max(votes.values())
    return turn.rng.choice(sorted(action for action, count in votes.items() if count == most))


class BestOfPlayer(SamplingPlayer):
    """Best of n: the readable sample whose answer the model gave the highest mean log-probability."""

    kind: ClassVar[str] = "best_of"

    def question(self, turn: Turn, number: int) -> Request:
        """Asks for log-probabilities: of one other token at least, since llama.cpp gives none for 0."""
        request = super().question(turn, number)
        others = max(1, request.sampling.top_logprobs or 0)
        return replace(request, sampling=replace(request.sampling, top_logprobs=others))

    def pick(self, turn: Turn, samples: Sequence[Sample]) -> tuple[Sample, str]:
        means = [self._mean(sample.completion) for sample in samples]
        best = max(means)
        told = ", ".join(f"sample {s.number}: {mean:.3f}" for s, mean in zip(samples, means, strict=True))
        return samples[means.index(best)], f"mean log-probabilities {told}"

    def _mean(self, completion: Completion) -> float:
        mean = mean_logprob(completion)
        if mean is None:
            raise ProviderError(
                f"{self.name}: the server gives no log-probabilities, by which best_of chooses; "
                f"'arena doctor' tells what it gives, and vote needs none",
                fatal=True,
            )
        return mean


def mean_logprob(completion: Completion) -> float | None:
    """The mean log-probability of the tokens that spell the answer text; None if the server gave none.

    Some servers list reasoning and end marks among the tokens: they are left out. Where the tokens do not
    spell the text letter by letter (a character split in two), all that are listed count.
    """
    spelled = "".join(token.text for token in completion.tokens)
    answer = completion.text.strip()
    begin = spelled.rfind(answer)
    known, place = [], 0
    for token in completion.tokens:
        start, place = place, place + len(token.text)
        inside = begin < 0 or (place > begin and start < begin + len(answer))
        if inside and token.logprob is not None:
            known.append(token.logprob)
    return sum(known) / len(known) if known else None
