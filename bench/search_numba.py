"""Iterated steepest swaps written in numba: the strongest thing that a few dozen lines of Python reach. Its scan of a
neighbourhood is also what the race of swaps measures."""
import numpy


def unit_columns(matrix):
    """Each column centred and of length 1; 0 where it is constant."""
    centred = matrix - matrix.mean(axis=0)
    length = numpy.sqrt((centred * centred).sum(axis=0))
    return numpy.divide(centred, length, out=numpy.zeros_like(centred), where=length > 0)


def blocks_of(x, z, block, dtype):
    """Candidates in blocks, a block's rupees and unit columns side by side: [number of block, period, 2, block]. With
    the block's state in one array too, few pointers are left, and the compiler makes vectors of the loops."""
    periods, count = x.shape
    padding = -count % block
    parts = [numpy.pad(part, ((0, 0), (0, padding))).reshape(periods, -1, block) for part in (x, z)]
    return numpy.ascontiguousarray(numpy.stack(parts, axis=1).transpose(2, 0, 1, 3), dtype=dtype)


def scanner(block, dtype):
    """scan(blocks, bases, vs, squares, factor, closed, value, index): the best candidate of each block in the place of
    each slot. `closed` is added to a candidate's value: -inf for members and padding."""
    import numba

    zero, tiny, low = dtype(0), dtype(1e-6), dtype(-1e30)

    @numba.njit(parallel=True, fastmath={"nsz", "contract", "reassoc", "arcp"}, error_model="numpy")
    def scan(blocks, bases, vs, squares, factor, closed, value, index):
        for b in numba.prange(blocks.shape[0]):
            part, state = blocks[b], numpy.empty((4, block), dtype)
            for slot in range(bases.shape[0]):
                for j in range(block):
                    state[0, j] = state[2, j] = state[3, j] = zero
                    state[1, j] = low
                for t in range(part.shape[0]):
                    base, weight = bases[slot, t], vs[slot, t]
                    for j in range(block):
                        equity, peak, deepest = state[0, j] + (base + part[t, 0, j]), state[1, j], state[2, j]
                        peak = equity if equity > peak else peak
                        below = peak - equity
                        state[0, j] = equity
                        state[1, j] = peak
                        state[2, j] = below if below > deepest else deepest
                        state[3, j] += weight * part[t, 1, j]
                best, place = low, 0
                for j in range(block):
                    deepest = state[2, j] if state[2, j] > tiny else tiny
                    state[0, j] = state[0, j] / deepest - (squares[slot] + factor * state[3, j]) + closed[b, j]
                for j in range(block):
                    if state[0, j] > best:
                        best, place = state[0, j], j
                value[b, slot], index[b, slot] = best, b * block + place

    return scan


class Neighbourhood:
    """Swaps of a set: `best(members, slots)` scans all candidates for these slots and gives value and candidate of
    each."""

    def __init__(self, x, z, size, block, dtype):
        self.x, self.z, self.size, self.dtype, self.count = x, z, size, dtype, x.shape[1]
        self.blocks, self.scan = blocks_of(x, z, block, dtype), scanner(block, dtype)
        self.closed = numpy.zeros((self.blocks.shape[0], block), dtype)
        self.closed.reshape(-1)[self.count:] = -numpy.inf

    def best(self, members, slots):
        series, units = self.x[:, members], self.z[:, members]
        bases = (series.sum(axis=1)[:, None] - series[:, slots]).T
        vs = (units.sum(axis=1)[:, None] - units[:, slots]).T
        weight = 10 / (self.size * (self.size - 1))
        squares = weight * ((vs * vs).sum(axis=1) + 1 - self.size)
        value = numpy.empty((self.blocks.shape[0], len(slots)), self.dtype)
        index = numpy.empty(value.shape, numpy.int64)
        closed = self.closed.reshape(-1)
        closed[members] = -numpy.inf
        self.scan(self.blocks, *(numpy.ascontiguousarray(part, dtype=self.dtype) for part in (bases, vs, squares)),
                  self.dtype(2 * weight), self.closed, value, index)
        closed[members] = 0
        block = value.argmax(axis=0)
        return value[block, range(len(slots))], index[block, range(len(slots))]


def descend(near, members, value, slots_at_once, score, record):
    """Best swaps of `slots_at_once` slots after each other until a round over all slots gains nothing; confirmed in
    double. All slots at once: steepest swaps."""
    first, idle = 0, 0
    while idle < near.size and record(value, members):
        slots = numpy.arange(first, min(first + slots_at_once, near.size))
        values, candidates = near.best(members, slots)
        best = int(values.argmax())
        trial = members.copy()
        trial[slots[best]] = candidates[best]
        gained = score(trial)
        idle = 0 if gained > value else idle + len(slots)
        if gained > value:
            members, value = trial, gained
        first = (first + len(slots)) % near.size
    return members, value


def swap_search(x, z, size, dtype, slots_at_once, seed, score, record):
    """From a random set swaps until none gains; then some members of the best set change at random, and again.
    `record(value, members)` tells whether there is time left."""
    near, rng = Neighbourhood(x, z, size, 64, dtype), numpy.random.default_rng(seed)
    members = rng.choice(near.count, size, replace=False)
    near.best(members, numpy.arange(slots_at_once))  # compiles
    record.start()
    best = descend(near, members, score(members), slots_at_once, score, record)
    while record(best[1], best[0]):
        members = best[0].copy()
        out = rng.choice(size, rng.integers(3, 9), replace=False)
        others = numpy.setdiff1d(rng.choice(near.count, 2 * size, replace=False), members)
        members[out] = rng.permutation(others)[:len(out)]
        found = descend(near, members, score(members), slots_at_once, score, record)
        best = max(best, found, key=lambda pair: pair[1])
