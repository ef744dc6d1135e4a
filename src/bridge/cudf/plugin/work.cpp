// What the device computes: inputs go there, kernels run, results come back. A call is one turn on one stream.
#include "bridge/cudf/plugin/engine.hpp"
#include "bridge/cudf/plugin/launch.hpp"

namespace ho
{

std::uint32_t narrow(std::uint64_t number)
{
    if (number > INT32_MAX) throw refusal(HO_DEVICE_FAULT, std::to_string(number) + " numbers at once");
    return static_cast<std::uint32_t>(number);
}

ho_device_state sieve(ho_device_engine *e, const ho_device_held *h, const ho_device_swaps *s,
                      const ho_device_kept *to, ho_device_line *why)
{
    return in_turn(e, why, [&] {
        const std::uint64_t series = static_cast<std::uint64_t>(s->slots) * h->rows;
        const std::uint64_t all = static_cast<std::uint64_t>(s->slots) * s->columns;
        const std::uint64_t kept_count = static_cast<std::uint64_t>(s->slots) * HO_DEVICE_KEPT;
        const std::uint64_t masks = s->open_stride * (s->slots - 1ULL) + s->columns;
        room<float> base(e, s->base, series), v(e, s->v, series), upper(e, all), lower(e, all);
        room<ho_device_bounds> bounds(e, s->bounds, s->slots);
        room<std::uint8_t> open(e, s->open, masks);
        room<std::uint32_t> kept(e, kept_count), count(e, s->slots);
        room<float> kept_upper(e, kept_count), floors(e, s->slots);
        const auto *sides = static_cast<const float *>(h->sides.data());
        launch::sieve({.periods = narrow(h->rows),
                       .first = s->first,
                       .columns = s->columns,
                       .slots = s->slots,
                       .zero_start = s->zero_start,
                       .stride = h->stride,
                       .open_stride = s->open_stride,
                       .x = h->of_floats(),
                       .base = base.data(),
                       .v = v.data(),
                       .bounds = bounds.data(),
                       .absolute = sides,
                       .scale = sides + h->columns,
                       .open = open.data(),
                       .upper = upper.data(),
                       .lower = lower.data()},
                      e->stream);
        launch::keep(s->columns, s->slots, upper.data(), lower.data(), kept.data(), kept_upper.data(),
                     count.data(), floors.data(), e->stream);
        kept.fetch(to->column);
        kept_upper.fetch(to->upper);
        count.fetch(to->count);
        floors.fetch(to->floor);
        check(cudaStreamSynchronize(e->stream), "a sieve");
    });
}

ho_device_state walk_sets(ho_device_engine *e, const ho_device_held *h, const std::uint32_t *members,
                          std::uint32_t size, std::uint32_t count, std::uint32_t periods,
                          std::uint32_t zero_start, float *out, ho_device_line *why)
{
    return in_turn(e, why, [&] {
        room<std::uint32_t> sets(e, members, static_cast<std::uint64_t>(size) * count);
        room<float> walked(e, static_cast<std::uint64_t>(HO_DEVICE_SETS_WALKED) * count);
        launch::walk_sets(periods, size, count, h->stride, zero_start, h->of_floats(), sets.data(),
                          walked.data(), e->stream);
        walked.fetch(out);
        check(cudaStreamSynchronize(e->stream), "sets");
    });
}

ho_device_state scan(ho_device_engine *e, const ho_device_held *h, const ho_device_scan_wish *w, double *out,
                     ho_device_line *why)
{
    return in_turn(e, why, [&] {
        if (w->first + w->columns > h->columns) throw refusal(HO_DEVICE_FAULT, "a scan past the last column");
        const std::uint64_t series = w->slots * h->rows;
        room<double> bases(e, w->base, series), vs(e, w->v != nullptr ? w->v : w->base, series);
        room<double> walked(e,
                            static_cast<std::uint64_t>(w->slots) * w->columns * HO_DEVICE_ARRAYS(w->level));
        launch::scan({.level = w->level,
                      .periods = narrow(h->rows),
                      .columns = w->columns,
                      .slots = w->slots,
                      .with_dot = w->v != nullptr ? 1U : 0U,
                      .stride = h->stride,
                      .start_peak = w->start_peak,
                      .hurdle = w->hurdle,
                      .x = h->of_doubles() + w->first,
                      .base = bases.data(),
                      .v = vs.data(),
                      .out = walked.data()},
                     e->stream);
        walked.fetch(out);
        check(cudaStreamSynchronize(e->stream), "a scan");
    });
}

ho_device_state weigh(ho_device_engine *e, const ho_device_held *h, const double *a, const double *b,
                      double *a_sum, double *b_sum, ho_device_line *why)
{
    return in_turn(e, why, [&] {
        room<double> of_a(e, a, h->rows), of_b(e, b, h->rows), to_a(e, h->columns), to_b(e, h->columns);
        launch::weigh(narrow(h->rows), narrow(h->columns), h->stride, h->of_doubles(), of_a.data(),
                      of_b.data(), to_a.data(), to_b.data(), e->stream);
        to_a.fetch(a_sum);
        to_b.fetch(b_sum);
        check(cudaStreamSynchronize(e->stream), "weighed columns");
    });
}

ho_device_state series(ho_device_engine *e, const ho_device_held *h, const ho_device_series_wish *w,
                       double *out, ho_device_line *why)
{
    return in_turn(e, why, [&] {
        if (w->first + w->columns > h->columns) throw refusal(HO_DEVICE_FAULT, "series past the last column");
        const std::uint64_t rows = HO_DEVICE_SERIES + 4 * HO_DEVICE_TAIL;
        const std::uint64_t blocks = (w->columns + HO_DEVICE_LANES - 1ULL) / HO_DEVICE_LANES;
        room<double> walked(e, blocks * rows * HO_DEVICE_LANES);
        check(cudaMemsetAsync(walked.data(), 0, blocks * rows * HO_DEVICE_LANES * sizeof(double), e->stream),
              "series");
        launch::series(narrow(h->rows), w->columns, w->tail, h->stride, w->rate, w->hurdle, w->mar,
                       h->of_doubles() + w->first, walked.data(), e->stream);
        walked.fetch(out);
        check(cudaStreamSynchronize(e->stream), "series");
    });
}

ho_device_state units(ho_device_engine *e, const ho_device_held *h, const double *mean, const double *scale,
                      ho_device_held **held, ho_device_line *why)
{
    return in_turn(e, why, [&] {
        auto made = std::make_unique<ho_device_held>();
        room<double> means(e, mean, h->columns), scales(e, scale, h->columns);
        made->rows = h->rows;
        made->columns = made->stride = h->columns;
        made->floats = rmm::device_buffer(h->rows * h->columns * sizeof(float), e->stream, e->memory);
        launch::units(narrow(h->rows), narrow(h->columns), h->stride, h->of_doubles(), means.data(),
                      scales.data(), static_cast<float *>(made->floats.data()), e->stream);
        check(cudaStreamSynchronize(e->stream), "unit columns");
        *held = made.release();
    });
}

// A tile that is row-major here is one of cuBLAS, which has columns first, turned: its rows are our columns.
ho_device_state correlate(ho_device_engine *e, const ho_device_held *h, std::uint64_t row, std::uint64_t rows,
                          std::uint64_t column, std::uint64_t columns, float *out, ho_device_line *why)
{
    return in_turn(e, why, [&] {
        const float one = 1, none = 0;
        const auto size = [](std::uint64_t number) { return static_cast<int>(narrow(number)); };
        if (row + rows > h->columns || column + columns > h->columns)
            throw refusal(HO_DEVICE_FAULT, "correlations past the last column");
        room<float> tile(e, rows * columns);
        check(cublasSgemm(e->blas, CUBLAS_OP_N, CUBLAS_OP_T, size(columns), size(rows), size(h->rows), &one,
                          h->of_floats() + column, size(h->stride), h->of_floats() + row, size(h->stride),
                          &none, tile.data(), size(columns)),
              "correlations");
        tile.fetch(out);
        check(cudaStreamSynchronize(e->stream), "correlations");
    });
}

} // namespace ho
