"""Searches of other libraries for the best set, in the form that suits a set: a child has what both parents have and
draws the rest from what either has; a mutation exchanges one member. Populations are scored by NumPy in one call."""
import numpy

POPULATION = 100


class Stop(Exception):
    """The time is over."""


class Sets:
    """Random sets, children and mutations over `count` candidates, as rows of ascending members."""

    def __init__(self, count, size, seed):
        self.count, self.size, self.rng = count, size, numpy.random.default_rng(seed)

    def draw(self, rows):
        return numpy.array([numpy.sort(self.rng.choice(self.count, self.size, replace=False)) for _ in range(rows)])

    def child(self, mother, father):
        common = numpy.intersect1d(mother, father, assume_unique=True)
        either = numpy.setxor1d(mother, father, assume_unique=True)
        rest = self.rng.permutation(either)[:self.size - len(common)]
        return numpy.sort(numpy.concatenate([common, rest]))

    def mutated(self, members):
        stranger = self.rng.integers(self.count)
        while stranger in members:
            stranger = self.rng.integers(self.count)
        new = numpy.array(members)
        new[self.rng.integers(self.size)] = stranger
        return numpy.sort(new)


class Scores:
    """Scores rows of sets and tells the record the best of them; when the time is over, a search that is not asked
    whether to go on is stopped by an exception."""

    def __init__(self, record, score):
        self.record, self.score, self.over = record, score, False

    def quietly(self, rows):
        rows = numpy.asarray(rows, dtype=numpy.int64)
        values = self.score(rows)
        best = int(values.argmax())
        self.over = not self.record(values[best], rows[best])
        return values

    def __call__(self, rows):
        values = self.quietly(rows)
        if self.over:
            raise Stop
        return values


def by_pymoo(sets, scores, seed):
    from pymoo.algorithms.soo.nonconvex.ga import GA
    from pymoo.core.crossover import Crossover
    from pymoo.core.mutation import Mutation
    from pymoo.core.problem import Problem
    from pymoo.core.sampling import Sampling
    from pymoo.optimize import minimize

    class Choice(Problem):
        def __init__(self):
            super().__init__(n_var=sets.size, n_obj=1, xl=0, xu=sets.count - 1, vtype=int)

        def _evaluate(self, x, out, *args, **kwargs):
            out["F"] = -scores(x)

    class Draw(Sampling):
        def _do(self, problem, n_samples, **kwargs):
            return sets.draw(n_samples)

    class Cross(Crossover):
        def __init__(self):
            super().__init__(2, 1)

        def _do(self, problem, X, **kwargs):
            return numpy.array([[sets.child(X[0, i], X[1, i]) for i in range(X.shape[1])]])

    class Exchange(Mutation):
        def _do(self, problem, X, **kwargs):
            return numpy.array([sets.mutated(row) for row in X])

    algorithm = GA(pop_size=POPULATION, sampling=Draw(), crossover=Cross(), mutation=Exchange(),
                   eliminate_duplicates=True)
    minimize(Choice(), algorithm, ("n_gen", 10**9), seed=seed, verbose=False)


def by_pygad(sets, scores, seed):
    import pygad

    def cross(parents, offspring_size, _):
        pairs = [(parents[i % len(parents)], parents[(i + 1) % len(parents)]) for i in range(offspring_size[0])]
        return numpy.array([sets.child(*pair) for pair in pairs])

    def exchange(offspring, _):
        return numpy.array([sets.mutated(row) for row in offspring])

    pygad.GA(num_generations=10**7, initial_population=sets.draw(POPULATION), num_parents_mating=POPULATION // 2,
             gene_type=int, fitness_func=lambda ga, rows, places: list(scores.quietly(rows)), fitness_batch_size=POPULATION,
             parent_selection_type="tournament", K_tournament=3, keep_elitism=10, crossover_type=cross,
             mutation_type=exchange, random_seed=seed, suppress_warnings=True,
             on_generation=lambda ga: "stop" if scores.over else None).run()


def by_deap(sets, scores, seed):
    import random

    from deap import algorithms, base, creator, tools

    random.seed(seed)
    creator.create("Fitness", base.Fitness, weights=(1.0,))
    creator.create("Individual", list, fitness=creator.Fitness)

    def mate(a, b):
        children = sets.child(a, b), sets.child(a, b)
        a[:], b[:] = (list(child) for child in children)
        return a, b

    def mutate(a):
        a[:] = list(sets.mutated(a))
        return (a,)

    tool = base.Toolbox()
    tool.register("mate", mate)
    tool.register("mutate", mutate)
    tool.register("select", tools.selTournament, tournsize=3)
    tool.register("evaluate", lambda individual: None)
    tool.register("map", lambda _, rows: [(value,) for value in scores(rows)] if rows else [])
    population = [creator.Individual(row) for row in sets.draw(POPULATION)]
    algorithms.eaMuPlusLambda(population, tool, POPULATION, POPULATION, 0.5, 0.5, 10**9, verbose=False)


LIBRARIES = {"pymoo": by_pymoo, "pygad": by_pygad, "DEAP": by_deap}
