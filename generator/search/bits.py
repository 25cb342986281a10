"""Numbers in as few bits as they need: whole columns of codes at once, written wherever their places are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: A column: one number for each of many things.
Column = npt.NDArray[np.int64]


def firsts(numbers: Column) -> Column:
    """The places at which a column holds another number than before."""
    return np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 1))


def lengths(numbers: Column) -> Column:
    """How many bits each number has, without zeros in front; numbers below 2**53."""
    return np.frexp(numbers)[1].astype(np.int64)


def rice(among: int | Column, count: Column) -> Column:
    """The parameters for ``count`` numbers that are spread over ``among`` places."""
    return np.maximum(lengths((among - count) // count * 11 // 16) - 1, 0)


def distances(numbers: Column, first: Column) -> Column:
    """Rising numbers, group by group: the first of each group as it is, any other as what lies between it and the last."""
    made = np.diff(numbers, prepend=0) - 1
    made[first] = numbers[first]
    return made


def totals(sizes: Column, group: Column, groups: int) -> Column:
    """The bits of each group, from those of each code; ``group``: of each code, the number of its group."""
    made = np.zeros(groups, np.int64)
    np.add.at(made, group, sizes)
    return made


def laid(sizes: Column, group: Column, begins: Column, total: Column) -> Column:
    """The places of codes that lie end to end, group by group: each group from its ``begins`` on, ``total`` bits."""
    return before(sizes) + (begins - before(total))[group]


def before(sizes: Column) -> Column:
    """The sum of all sizes before each."""
    return np.cumsum(sizes) - sizes


class Bits:
    """A stream of ``size`` bits, all zero at first; each may be written once.

    It lies in cells of 32 bits. A code begins in one cell and ends in the next at the latest, so it is added to 64 bits,
    of which the upper half is the cell; in the end the lower halves are added to the cells behind. Nothing is carried,
    since no two codes share a bit.
    """

    def __init__(self, size: int) -> None:
        self._cells = np.zeros(size // 32 + 2, np.uint64)

    def put(self, places: Column, values: Column, sizes: Column) -> None:
        """Write values of up to 32 bits, the highest bit of each at its place."""
        shifted = values << 64 - (places & 31) - sizes
        np.add.at(self._cells, places >> 5, shifted.view(np.uint64))

    def ones(self, places: Column, counts: Column) -> None:
        """Write so many ones from each place on."""
        while len(places):
            now = np.minimum(counts, 32)
            self.put(places, (1 << now) - 1, now)
            left = counts > 32
            places, counts = places[left] + 32, counts[left] - 32

    def written(self) -> bytes:
        """The stream, and some zeros behind it."""
        cells = self._cells >> np.uint64(32)
        cells[1:] += self._cells[:-1] & np.uint64(0xFFFFFFFF)
        return cells.astype(">u4").tobytes()


@dataclass(frozen=True, slots=True)
class Plain:
    """Numbers as they are, each in so many bits."""

    numbers: Column
    sizes: Column

    def write(self, bits: Bits, places: Column) -> None:
        """Write each code at its place."""
        bits.put(places, self.numbers, self.sizes)


@dataclass(frozen=True, slots=True)
class Gamma:
    """Elias' gamma codes of numbers above zero: as many zeros as there are bits behind the first, then the bits."""

    numbers: Column
    bits: Column

    @classmethod
    def of(cls, numbers: Column) -> Gamma:
        """The codes of a column."""
        return cls(numbers, lengths(numbers))

    @property
    def sizes(self) -> Column:
        """The bits of each code."""
        return 2 * self.bits - 1

    def write(self, bits: Bits, places: Column) -> None:
        """Write each code at its place."""
        bits.put(places + self.bits - 1, self.numbers, self.bits)


@dataclass(frozen=True, slots=True)
class Rice:
    """Rice codes: the high part of a number in ones and a zero, the low part in as many bits as the parameter says."""

    high: Column
    low: Column
    parameters: Column

    @classmethod
    def of(cls, numbers: Column, parameters: Column) -> Rice:
        """The codes of a column, each with a parameter of its own."""
        return cls(numbers >> parameters, numbers & (1 << parameters) - 1, parameters)

    @property
    def sizes(self) -> Column:
        """The bits of each code."""
        return self.high + 1 + self.parameters

    def write(self, bits: Bits, places: Column) -> None:
        """Write each code at its place."""
        some = np.flatnonzero(self.high)
        bits.ones(places[some], self.high[some])
        bits.put(places + self.high + 1, self.low, self.parameters)


Codes = Plain | Gamma | Rice
