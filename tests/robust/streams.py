"""The program's random numbers, spelled out once more, so that other libraries can be given the same draws."""
MASK = (1 << 64) - 1


def mix(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


class Stream:
    def __init__(self, seed, name, index):
        key = mix((seed + 0x9E3779B97F4A7C15) & MASK)
        for c in name.encode():
            key = (mix(key ^ c) + 0x9E3779B97F4A7C15) & MASK
        self.key = mix(key ^ mix((index + 0x632BE59BD9B4E019) & MASK))
        self.counter = 0

    def next(self):
        self.counter += 1
        return mix((self.key + self.counter * 0x9E3779B97F4A7C15) & MASK)

    def below(self, bound):
        product = (self.next() >> 32) * bound
        while product & 0xFFFFFFFF < ((1 << 32) - bound) % bound:
            product = (self.next() >> 32) * bound
        return product >> 32

    def unit(self):
        return (self.next() >> 11) * 2.0**-53


def draw(kind, seed, name, index, periods, block, length):
    """The periods of resample `index`."""
    rng, at, drawn = Stream(seed, name, index), 0, []
    for i in range(length):
        if i == 0:
            fresh = True
        elif kind == "circular":
            fresh = i % int(block + 0.5) == 0
        else:
            fresh = rng.unit() < 1 / block
        at = rng.below(periods) if fresh else (at + 1) % periods
        drawn.append(at)
    return drawn
