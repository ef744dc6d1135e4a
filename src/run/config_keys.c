/* The table of config_keys.h, in the order of the files that it speaks of. */
#include "run/config_keys.h"

#include "base/strings.h"

#include <string.h>

#define ARROW      "parquet_arrow_config.ini"
#define PRODUCTION "production_config.ini"
#define ZONED      "config_zone.ini"

/* Reasons that many keys share. */
#define WHOLE "tables are read whole, by all threads; their size decides the memory"
#define STORE "stores stand where --output and the cache put them"
#define WORK  "work is counted and not timed, so that a run repeats; --time-limit cuts a run"
#define PRINT "every measure is always computed and printed"

/* clang-format off */
static const ho_config_key keys[] = {
    {ARROW, "general", "use_gpu", HO_KEY_SWITCH, "engine", "cuda|cpu", 0, 0, NULL},
    {ARROW, "general", "memory_pool_size_gb", HO_KEY_OPTION, "memory-limit", NULL, 0, 0, WHOLE},
    {ARROW, "general", "chunk_size", HO_KEY_WEAK, "chunk-size", NULL, 0, 1e+09, NULL},
    {ARROW, "parquet", "compression", HO_KEY_OPTION, "compression", NULL, 0, 0, NULL},
    {ARROW, "parquet", "row_group_size", HO_KEY_OPTION, "row-group-size", NULL, 0, 0, NULL},
    {ARROW, "parquet", "partition_by_date", HO_KEY_OPTION, "partition-by-date", NULL, 0, 0, NULL},
    {ARROW, "parquet", "use_dictionary", HO_KEY_OPTION, "use-dictionary", NULL, 0, 0, NULL},
    {ARROW, "parquet", "chunk_size", HO_KEY_OPTION, "chunk-size", NULL, 0, 1e+09, NULL},
    {ARROW, "parquet", "storage_path", HO_KEY_NONE, NULL, NULL, 0, 0, STORE},
    {ARROW, "arrow", "zero_copy_enabled", HO_KEY_NONE, NULL, NULL, 0, 0, "files are read whole: a mapped file that somebody cuts would end the program"},
    {ARROW, "arrow", "memory_map_enabled", HO_KEY_NONE, NULL, NULL, 0, 0, "files are read whole: a mapped file that somebody cuts would end the program"},
    {ARROW, "arrow", "buffer_size_mb", HO_KEY_NONE, NULL, NULL, 0, 0, "files are read whole: a mapped file that somebody cuts would end the program"},
    {ARROW, "cudf", "gpu_memory_limit_gb", HO_KEY_OPTION, "gpu-memory-limit", NULL, 0, 0, NULL},
    {ARROW, "cudf", "spill_to_host", HO_KEY_OPTION, "spill-to-host", NULL, 0, 0, NULL},
    {ARROW, "cudf", "rmm_pool_size_gb", HO_KEY_NONE, NULL, NULL, 0, 0, "memory of a device is taken as it is needed; gpu_memory_limit_gb limits it"},
    {ARROW, "optimization", "portfolio_size", HO_KEY_OPTION, "portfolio-size", NULL, 1, 1e+06, NULL},
    {ARROW, "optimization", "correlation_threshold", HO_KEY_CLOSE, "correlation-threshold", NULL, 0, 0, NULL},
    {ARROW, "optimization", "enforce_correlation", HO_KEY_ENFORCE, "max-correlation", NULL, 0, 0, NULL},
    {ARROW, "optimization", "max_strategies", HO_KEY_NONE, NULL, NULL, 0, 0, "a table may have any number of strategies"},
    {ARROW, "fitness_weights", "roi_dd_ratio_weight", HO_KEY_WEIGHT, "roi-dd-ratio-weight", "roi_dd_ratio", 0, 0, NULL},
    {ARROW, "fitness_weights", "total_roi_weight", HO_KEY_WEIGHT, "total-roi-weight", "total_roi", 0, 0, NULL},
    {ARROW, "fitness_weights", "max_drawdown_weight", HO_KEY_WEIGHT, "max-drawdown-weight", "max_drawdown", 0, 0, NULL},
    {ARROW, "fitness_weights", "win_rate_weight", HO_KEY_WEIGHT, "win-rate-weight", "win_rate", 0, 0, NULL},
    {ARROW, "fitness_weights", "profit_factor_weight", HO_KEY_WEIGHT, "profit-factor-weight", "profit_factor", 0, 0, NULL},
    {ARROW, "fitness_weights", "*", HO_KEY_WEIGHT, "weight", NULL, 0, 0, NULL},
    {ARROW, "enhanced_metrics", "calculate_sharpe", HO_KEY_NONE, NULL, NULL, 0, 0, PRINT},
    {ARROW, "enhanced_metrics", "calculate_sortino", HO_KEY_NONE, NULL, NULL, 0, 0, PRINT},
    {ARROW, "enhanced_metrics", "calculate_calmar", HO_KEY_NONE, NULL, NULL, 0, 0, PRINT},
    {ARROW, "enhanced_metrics", "calculate_kelly", HO_KEY_NONE, NULL, NULL, 0, 0, PRINT},
    {ARROW, "enhanced_metrics", "calculate_var", HO_KEY_NONE, NULL, NULL, 0, 0, PRINT},
    {ARROW, "enhanced_metrics", "calculate_omega", HO_KEY_NONE, NULL, NULL, 0, 0, PRINT},
    {ARROW, "enhanced_metrics", "risk_free_rate", HO_KEY_OPTION, "risk-free-rate", NULL, 0, 0, NULL},
    {ARROW, "enhanced_metrics", "periods_per_year", HO_KEY_OPTION, "periods-per-year", NULL, 0, 0, NULL},
    {ARROW, "algorithm_timeouts", "*", HO_KEY_NONE, NULL, NULL, 0, 0, WORK},
    {ARROW, "validation", "tolerance", HO_KEY_OPTION, "tolerance", NULL, 0, 0, "there is no comparison in this build"},
    {ARROW, "validation", "validate_correlations", HO_KEY_NONE, NULL, NULL, 0, 0, "validate makes every check"},
    {ARROW, "validation", "validate_fitness", HO_KEY_NONE, NULL, NULL, 0, 0, "validate makes every check"},
    {ARROW, "validation", "reference_workflow", HO_KEY_NONE, NULL, NULL, 0, 0, "validate brings its own reference; --baseline names an old run"},
    {PRODUCTION, "parquet", "data_format", HO_KEY_IS, "no-cache", "csv", 0, 0, NULL},
    {PRODUCTION, "parquet", "use_gpu", HO_KEY_SWITCH, "engine", "cuda|cpu", 0, 0, NULL},
    {PRODUCTION, "parquet", "parquet_compression", HO_KEY_OPTION, "compression", NULL, 0, 0, NULL},
    {PRODUCTION, "parquet", "arrow_memory_pool_gb", HO_KEY_OPTION, "memory-limit", NULL, 0, 0, WHOLE},
    {PRODUCTION, "parquet", "cudf_enabled", HO_KEY_NOT, "no-gpu", NULL, 0, 0, NULL},
    {PRODUCTION, "FITNESS_CALCULATION", "mode", HO_KEY_SOFT, "fitness", NULL, 0, 0, NULL},
    {PRODUCTION, "FITNESS_CALCULATION", "legacy_weight", HO_KEY_OPTION, "legacy-weight", NULL, 0, 0, NULL},
    {PRODUCTION, "FITNESS_CALCULATION", "enhanced_weight", HO_KEY_OPTION, "enhanced-weight", NULL, 0, 0, NULL},
    {PRODUCTION, "FITNESS_CALCULATION", "legacy_metrics", HO_KEY_NONE, NULL, NULL, 0, 0, PRINT},
    {PRODUCTION, "FITNESS_CALCULATION", "enhanced_metrics", HO_KEY_NONE, NULL, NULL, 0, 0, PRINT},
    {PRODUCTION, "KELLY_CRITERION", "enabled", HO_KEY_OPTION, "kelly", NULL, 0, 0, NULL},
    {PRODUCTION, "KELLY_CRITERION", "max_position_size", HO_KEY_OPTION, "kelly-max-position-size", NULL, 0, 0, NULL},
    {PRODUCTION, "KELLY_CRITERION", "min_position_size", HO_KEY_OPTION, "kelly-min-position-size", NULL, 0, 0, NULL},
    {PRODUCTION, "KELLY_CRITERION", "fallback_mode", HO_KEY_OPTION, "kelly-fallback-mode", NULL, 0, 0, NULL},
    {PRODUCTION, "KELLY_CRITERION", "use_leverage", HO_KEY_OPTION, "kelly-use-leverage", NULL, 0, 0, NULL},
    {PRODUCTION, "KELLY_CRITERION", "max_leverage", HO_KEY_OPTION, "kelly-max-leverage", NULL, 0, 0, NULL},
    {PRODUCTION, "RISK_METRICS", "var_confidence_levels", HO_KEY_NONE, NULL, NULL, 0, 0, "95 % and 99 % are always computed"},
    {PRODUCTION, "RISK_METRICS", "cvar_confidence_levels", HO_KEY_NONE, NULL, NULL, 0, 0, "95 % and 99 % are always computed"},
    {PRODUCTION, "RISK_METRICS", "var_limit", HO_KEY_OPTION, "var-limit", NULL, 0, 0, NULL},
    {PRODUCTION, "RISK_METRICS", "risk_free_rate", HO_KEY_OPTION, "risk-free-rate", NULL, 0, 0, NULL},
    {PRODUCTION, "RISK_METRICS", "minimum_acceptable_return", HO_KEY_OPTION, "minimum-acceptable-return", NULL, 0, 0, NULL},
    {PRODUCTION, "RISK_METRICS", "annualization_factor", HO_KEY_OPTION, "periods-per-year", NULL, 0, 0, NULL},
    {PRODUCTION, "RISK_METRICS", "var_method", HO_KEY_NONE, NULL, NULL, 0, 0, "the historical and the parametric value at risk are both computed"},
    {PRODUCTION, "MARKET_REGIME_CONFIG", "regime_column", HO_KEY_NONE, NULL, NULL, 0, 0, "the columns are found by their names"},
    {PRODUCTION, "MARKET_REGIME_CONFIG", "confidence_column", HO_KEY_NONE, NULL, NULL, 0, 0, "the columns are found by their names"},
    {PRODUCTION, "MARKET_REGIME_CONFIG", "transition_threshold_column", HO_KEY_NONE, NULL, NULL, 0, 0, "the columns are found by their names"},
    {PRODUCTION, "MARKET_REGIME_CONFIG", "min_confidence_threshold", HO_KEY_OPTION, "regime-min-confidence", NULL, 0, 0, NULL},
    {PRODUCTION, "MARKET_REGIME_CONFIG", "confidence_weighting", HO_KEY_SWITCH, "regime-weights", "auto|off", 0, 0, NULL},
    {PRODUCTION, "MARKET_REGIME_CONFIG", "regime_specific_portfolios", HO_KEY_SWITCH, "regime", "each|", 0, 0, NULL},
    {PRODUCTION, "MARKET_REGIME_CONFIG", "transition_reduction_factor", HO_KEY_OPTION, "regime-transition-factor", NULL, 0, 0, NULL},
    {PRODUCTION, "REGIME_OPTIMIZATION", "min_transition_threshold", HO_KEY_OPTION, "regime-transition-limit", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE", "enabled", HO_KEY_ZONED, "zone", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE", "zone_count", HO_KEY_OPTION, "zone-count", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE", "zone_weights", HO_KEY_OPTION, "zone-weights", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE", "zone_selection_method", HO_KEY_NONE, NULL, NULL, 0, 0, "every zone is searched in the same way; limits a zone balance the rest"},
    {PRODUCTION, "ZONE", "min_strategies_per_zone", HO_KEY_ZONE_LIMIT, "min-strategies-per-zone", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE", "max_strategies_per_zone", HO_KEY_ZONE_LIMIT, "max-strategies-per-zone", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE", "zone_diversification", HO_KEY_NONE, NULL, NULL, 0, 0, "similarity and correlation of zones are reported, and limit nothing"},
    {PRODUCTION, "ZONE", "zone_rebalancing", HO_KEY_NONE, NULL, NULL, 0, 0, "a share of the capital is suggested for each zone, and never traded"},
    {PRODUCTION, "ZONE_OPTIMIZATION", "enabled", HO_KEY_SWITCH, "zone", "each|", 0, 0, NULL},
    {PRODUCTION, "ZONE_OPTIMIZATION", "zone_method", HO_KEY_SOFT, "zone-method", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE_OPTIMIZATION", "num_zones", HO_KEY_OPTION, "zone-count", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE_OPTIMIZATION", "market_open_time", HO_KEY_OPTION, "market-open", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE_OPTIMIZATION", "market_close_time", HO_KEY_OPTION, "market-close", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE_OPTIMIZATION", "freeform_zone_boundaries", HO_KEY_OPTION, "zone-boundaries", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE_OPTIMIZATION", "custom_zone_windows", HO_KEY_OPTION, "zone-windows", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE_OPTIMIZATION", "zone_weights", HO_KEY_OPTION, "zone-weights", NULL, 0, 0, NULL},
    {PRODUCTION, "ZONE_OPTIMIZATION", "apply_ulta", HO_KEY_NONE, NULL, NULL, 0, 0, "[ULTA] enabled decides for zones as well"},
    {PRODUCTION, "ZONE_OPTIMIZATION", "zone_specific_min_size", HO_KEY_FIRST, "zone-size", NULL, 1, 1e+06, NULL},
    {PRODUCTION, "ZONE_OPTIMIZATION", "zone_specific_max_size", HO_KEY_LAST, "zone-size", NULL, 1, 1e+06, NULL},
    {PRODUCTION, "ULTA", "enabled", HO_KEY_SWITCH, "ulta", "on|off", 0, 0, NULL},
    {PRODUCTION, "ULTA", "roi_threshold", HO_KEY_OPTION, "ulta-roi-threshold", NULL, 0, 0, NULL},
    {PRODUCTION, "ULTA", "inversion_method", HO_KEY_SOFT, "ulta-rule", NULL, 0, 0, NULL},
    {PRODUCTION, "ULTA", "min_negative_days", HO_KEY_OPTION, "ulta-min-negative-days", NULL, 0, 0, NULL},
    {PRODUCTION, "ULTA", "negative_day_percentage", HO_KEY_OPTION, "ulta-negative-day-percentage", NULL, 0, 0, NULL},
    {PRODUCTION, "ULTA", "apply_to_all_strategies", HO_KEY_NONE, NULL, NULL, 0, 0, "the rule looks at every strategy"},
    {PRODUCTION, "ULTA", "track_inverted_strategies", HO_KEY_NONE, NULL, NULL, 0, 0, "what was turned round is always listed"},
    {PRODUCTION, "OPTIMIZATION", "apply_ulta_logic", HO_KEY_SWITCH, "ulta", "on|off", 0, 0, NULL},
    {PRODUCTION, "OPTIMIZATION", "balanced_mode", HO_KEY_BALANCED, "balance", NULL, 0, 0, NULL},
    {PRODUCTION, "OPTIMIZATION", "penalty_factor", HO_KEY_OPTION, "penalty-factor", NULL, 0, 0, NULL},
    {PRODUCTION, "OPTIMIZATION", "drawdown_threshold", HO_KEY_OPTION, "drawdown-threshold", NULL, 0, 0, NULL},
    {PRODUCTION, "OPTIMIZATION", "run_monte_carlo", HO_KEY_NONE, NULL, NULL, 0, 0, "it had none in the old system either"},
    {PRODUCTION, "OPTIMIZATION", "optimization_metric", HO_KEY_SOFT, "metric", NULL, 0, 0, NULL},
    {PRODUCTION, "CORRELATION", "penalty_weight", HO_KEY_OPTION, "penalty-weight", NULL, 0, 0, NULL},
    {PRODUCTION, "PORTFOLIO_OPTIMIZATION", "default_portfolio_size", HO_KEY_OPTION, "portfolio-size", NULL, 1, 1e+06, NULL},
    {PRODUCTION, "PORTFOLIO_OPTIMIZATION", "min_portfolio_size", HO_KEY_NONE, NULL, NULL, 0, 0, "the launcher offers it; a run has the size that it is given"},
    {PRODUCTION, "PORTFOLIO_OPTIMIZATION", "max_portfolio_size", HO_KEY_NONE, NULL, NULL, 0, 0, "the launcher offers it; a run has the size that it is given"},
    {PRODUCTION, "PORTFOLIO_OPTIMIZATION", "hft_portfolio_size", HO_KEY_NONE, NULL, NULL, 0, 0, "the launcher offers it; a run has the size that it is given"},
    {PRODUCTION, "PORTFOLIO_OPTIMIZATION", "comprehensive_portfolio_size", HO_KEY_NONE, NULL, NULL, 0, 0, "the launcher offers it; a run has the size that it is given"},
    {PRODUCTION, "PORTFOLIO_OPTIMIZATION", "max_correlation_threshold", HO_KEY_OPTION, "correlation-threshold", NULL, 0, 0, NULL},
    {PRODUCTION, "PORTFOLIO_OPTIMIZATION", "min_diversification_ratio", HO_KEY_NONE, NULL, NULL, 0, 0, "the ratio is reported, and limits nothing"},
    {PRODUCTION, "ALGORITHMS", "enabled_algorithms", HO_KEY_OPTION, "algorithms", NULL, 0, 0, NULL},
    {PRODUCTION, "ALGORITHMS", "ga_enabled", HO_KEY_ALGORITHM, "algorithms", "ga", 0, 0, NULL},
    {PRODUCTION, "ALGORITHMS", "pso_enabled", HO_KEY_ALGORITHM, "algorithms", "pso", 0, 0, NULL},
    {PRODUCTION, "ALGORITHMS", "sa_enabled", HO_KEY_ALGORITHM, "algorithms", "sa", 0, 0, NULL},
    {PRODUCTION, "ALGORITHMS", "de_enabled", HO_KEY_ALGORITHM, "algorithms", "de", 0, 0, NULL},
    {PRODUCTION, "ALGORITHMS", "aco_enabled", HO_KEY_ALGORITHM, "algorithms", "aco", 0, 0, NULL},
    {PRODUCTION, "ALGORITHMS", "hc_enabled", HO_KEY_ALGORITHM, "algorithms", "hc", 0, 0, NULL},
    {PRODUCTION, "ALGORITHMS", "bo_enabled", HO_KEY_ALGORITHM, "algorithms", "bo", 0, 0, NULL},
    {PRODUCTION, "ALGORITHMS", "rs_enabled", HO_KEY_ALGORITHM, "algorithms", "rs", 0, 0, NULL},
    {PRODUCTION, "ALGORITHMS", "ils_enabled", HO_KEY_ALGORITHM, "algorithms", "ils", 0, 0, NULL},
    {PRODUCTION, "ALGORITHMS", "lp_enabled", HO_KEY_ALGORITHM, "algorithms", "lp", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "ga_population_size", HO_KEY_PARAMETER, "set", "ga.population_size", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "ga_mutation_rate", HO_KEY_PARAMETER, "set", "ga.mutation_rate", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "ga_crossover_rate", HO_KEY_PARAMETER, "set", "ga.crossover_rate", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "ga_generations", HO_KEY_PARAMETER, "set", "ga.generations", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "ga_elitism_rate", HO_KEY_PARAMETER, "set", "ga.elitism_rate", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "ga_tournament_size", HO_KEY_PARAMETER, "set", "ga.tournament_size", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "pso_swarm_size", HO_KEY_PARAMETER, "set", "pso.swarm_size", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "pso_cognitive", HO_KEY_PARAMETER, "set", "pso.cognitive", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "pso_social", HO_KEY_PARAMETER, "set", "pso.social", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "pso_max_velocity", HO_KEY_PARAMETER, "set", "pso.max_velocity", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "pso_iterations", HO_KEY_PARAMETER, "set", "pso.iterations", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "pso_inertia_start", HO_KEY_PARAMETER, "set", "pso.inertia_start", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "pso_inertia_end", HO_KEY_PARAMETER, "set", "pso.inertia_end", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "sa_initial_temperature", HO_KEY_PARAMETER, "set", "sa.initial_temperature", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "sa_final_temperature", HO_KEY_PARAMETER, "set", "sa.final_temperature", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "sa_cooling_rate", HO_KEY_PARAMETER, "set", "sa.cooling_rate", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "sa_cooling", HO_KEY_PARAMETER, "set", "sa.cooling", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "sa_max_iterations", HO_KEY_PARAMETER, "set", "sa.max_iterations", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "sa_acceptance", HO_KEY_PARAMETER, "set", "sa.acceptance", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "de_population_size", HO_KEY_PARAMETER, "set", "de.population_size", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "de_mutation_factor", HO_KEY_PARAMETER, "set", "de.mutation_factor", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "de_crossover_probability", HO_KEY_PARAMETER, "set", "de.crossover_probability", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "de_strategy", HO_KEY_PARAMETER, "set", "de.strategy", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "de_generations", HO_KEY_PARAMETER, "set", "de.generations", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_colony_size", HO_KEY_PARAMETER, "set", "aco.colony_size", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_alpha", HO_KEY_PARAMETER, "set", "aco.alpha", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_beta", HO_KEY_PARAMETER, "set", "aco.beta", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_evaporation", HO_KEY_PARAMETER, "set", "aco.evaporation", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_deposit", HO_KEY_PARAMETER, "set", "aco.deposit", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_iterations", HO_KEY_PARAMETER, "set", "aco.iterations", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_pheromone_min", HO_KEY_PARAMETER, "set", "aco.pheromone_min", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_pheromone_max", HO_KEY_PARAMETER, "set", "aco.pheromone_max", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_pheromone_start", HO_KEY_PARAMETER, "set", "aco.pheromone_start", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "hc_max_iterations", HO_KEY_PARAMETER, "set", "hc.max_iterations", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "hc_neighborhood_size", HO_KEY_PARAMETER, "set", "hc.neighborhood_size", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "hc_restart_threshold", HO_KEY_PARAMETER, "set", "hc.restart_threshold", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "hc_step_size", HO_KEY_PARAMETER, "set", "hc.step_size", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "bo_n_initial_points", HO_KEY_PARAMETER, "set", "bo.n_initial_points", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "bo_n_calls", HO_KEY_PARAMETER, "set", "bo.n_calls", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "bo_exploration_rate", HO_KEY_PARAMETER, "set", "bo.exploration_rate", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "bo_candidates", HO_KEY_PARAMETER, "set", "bo.candidates", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "rs_iterations", HO_KEY_PARAMETER, "set", "rs.iterations", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "pso_inertia_weight", HO_KEY_PARAMETER, "set", "pso.inertia_start", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "pso_cognitive_coefficient", HO_KEY_PARAMETER, "set", "pso.cognitive", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "pso_social_coefficient", HO_KEY_PARAMETER, "set", "pso.social", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_evaporation_rate", HO_KEY_PARAMETER, "set", "aco.evaporation", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "aco_pheromone_deposit", HO_KEY_PARAMETER, "set", "aco.deposit", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "rs_num_iterations", HO_KEY_PARAMETER, "set", "rs.iterations", 0, 0, NULL},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "ga_selection_method", HO_KEY_NONE, NULL, NULL, 0, 0, "a tournament chooses the parents"},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "bo_acquisition_function", HO_KEY_NONE, NULL, NULL, 0, 0, "expected improvement is what there is"},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "bo_kernel", HO_KEY_NONE, NULL, NULL, 0, 0, "the kernel is Matern 5/2"},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "bo_random_state", HO_KEY_NONE, NULL, NULL, 0, 0, "--seed decides all random numbers"},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "rs_random_seed", HO_KEY_NONE, NULL, NULL, 0, 0, "--seed decides all random numbers"},
    {PRODUCTION, "ALGORITHM_PARAMETERS", "rs_sampling_method", HO_KEY_NONE, NULL, NULL, 0, 0, "sets are drawn uniformly"},
    {PRODUCTION, "GPU", "min_strategies_for_gpu", HO_KEY_NONE, NULL, NULL, 0, 0, "work that is too small for a device stays on the processor by itself"},
    {PRODUCTION, "notify", "command", HO_KEY_OPTION, "notify", NULL, 0, 0, "there is no queue in this build"},
    {ZONED, "GENERAL", "use_checkpoint", HO_KEY_NONE, NULL, NULL, 0, 0, "a run takes seconds and keeps its best when it is stopped"},
    {ZONED, "GENERAL", "checkpoint_per_size", HO_KEY_NONE, NULL, NULL, 0, 0, "a run takes seconds and keeps its best when it is stopped"},
    {ZONED, "GENERAL", "preserve_checkpoints", HO_KEY_NONE, NULL, NULL, 0, 0, "a run takes seconds and keeps its best when it is stopped"},
    {ZONED, "GENERAL", "strat_limit", HO_KEY_ALL, "strat-limit", NULL, 0, 0, NULL},
    {ZONED, "GENERAL", "ga_generations", HO_KEY_PARAMETER, "set", "ga.generations", 0, 0, NULL},
    {ZONED, "GENERAL", "metric", HO_KEY_SOFT, "metric", NULL, 0, 0, NULL},
    {ZONED, "PATHS", "data_folder", HO_KEY_FOLDER, "input", NULL, 0, 0, NULL},
    {ZONED, "PATHS", "consolidated_dir", HO_KEY_FOLDER, "input", "zones", 0, 0, NULL},
    {ZONED, "PORTFOLIO", "min_size", HO_KEY_FIRST, "portfolio-size", NULL, 1, 1e+06, NULL},
    {ZONED, "PORTFOLIO", "max_size", HO_KEY_LAST, "portfolio-size", NULL, 1, 1e+06, NULL},
    {ZONED, "PORTFOLIO", "population_size", HO_KEY_PARAMETER, "set", "ga.population_size", 0, 0, NULL},
    {ZONED, "PORTFOLIO", "mutation_rate", HO_KEY_PARAMETER, "set", "ga.mutation_rate", 0, 0, NULL},
    {ZONED, "OPTIMIZATION", "zone_optimization_enabled", HO_KEY_SWITCH, "zone", "each|", 0, 0, NULL},
    {ZONED, "OPTIMIZATION", "zone_weights", HO_KEY_OPTION, "zone-weights", NULL, 0, 0, NULL},
    {ZONED, "ALGORITHMS", "use_genetic_algorithm", HO_KEY_ALGORITHM, "algorithms", "ga", 0, 0, NULL},
    {ZONED, "ALGORITHMS", "use_particle_swarm", HO_KEY_ALGORITHM, "algorithms", "pso", 0, 0, NULL},
    {ZONED, "ALGORITHMS", "use_simulated_annealing", HO_KEY_ALGORITHM, "algorithms", "sa", 0, 0, NULL},
    {ZONED, "ALGORITHMS", "use_differential_evolution", HO_KEY_ALGORITHM, "algorithms", "de", 0, 0, NULL},
    {ZONED, "ALGORITHMS", "use_ant_colony", HO_KEY_ALGORITHM, "algorithms", "aco", 0, 0, NULL},
    {ZONED, "ALGORITHMS", "use_hill_climbing", HO_KEY_ALGORITHM, "algorithms", "hc", 0, 0, NULL},
    {ZONED, "ALGORITHMS", "use_bayesian_optimization", HO_KEY_ALGORITHM, "algorithms", "bo", 0, 0, NULL},
    {ZONED, "ALGORITHMS", "use_random_search", HO_KEY_ALGORITHM, "algorithms", "rs", 0, 0, NULL},
    {ZONED, "ZONE_SPECIFIC_OPTIMIZATION", "enable", HO_KEY_NONE, NULL, NULL, 0, 0, "[OPTIMIZATION] zone_optimization_enabled decides"},
    {ZONED, "ZONE_SPECIFIC_OPTIMIZATION", "min_size", HO_KEY_FIRST, "zone-size", NULL, 1, 1e+06, NULL},
    {ZONED, "ZONE_SPECIFIC_OPTIMIZATION", "max_size", HO_KEY_LAST, "zone-size", NULL, 1, 1e+06, NULL},
    {ZONED, "ZONE_SPECIFIC_OPTIMIZATION", "population_size", HO_KEY_NONE, NULL, NULL, 0, 0, "[PORTFOLIO] population_size holds for zones as well"},
    {ZONED, "ZONE_SPECIFIC_OPTIMIZATION", "mutation_rate", HO_KEY_NONE, NULL, NULL, 0, 0, "[PORTFOLIO] mutation_rate holds for zones as well"},
    {ZONED, "ZONE_WEIGHTS", "*", HO_KEY_ZONE_WEIGHT, "zone-weights", NULL, 0, 0, NULL},
    {ZONED, "FILE_RATIOS", "*", HO_KEY_COUNT, "balance", NULL, 0, 0, NULL},
};
/* clang-format on */

size_t ho_config_key_count(void)
{
    return sizeof keys / sizeof *keys;
}

const ho_config_key *ho_config_key_at(size_t i)
{
    return &keys[i];
}

const ho_config_key *ho_config_key_find(const char *section, const char *key)
{
    for (size_t i = 0; i < ho_config_key_count(); i++) {
        bool here = *section == '\0' || ho_text_same(keys[i].section, section);
        bool any = strcmp(keys[i].key, "*") == 0 && *section != '\0';
        if (here && (any || ho_text_same(keys[i].key, key))) return &keys[i];
    }
    return NULL;
}

static const ho_command *command_of(const char *section)
{
    for (size_t i = 0; i < ho_command_count(); i++) {
        if (ho_text_same(ho_command_at(i)->name, section)) return ho_command_at(i);
    }
    return NULL;
}

bool ho_config_section_known(const char *section)
{
    for (size_t i = 0; i < ho_config_key_count(); i++) {
        if (ho_text_same(keys[i].section, section)) return true;
    }
    return command_of(section) != NULL;
}

const char *ho_config_key_nearest(const char *section, const char *key)
{
    const char *names[sizeof keys / sizeof *keys];
    size_t count = 0;
    for (size_t i = 0; i < ho_config_key_count(); i++) {
        if (*section == '\0' || ho_text_same(keys[i].section, section)) names[count++] = keys[i].key;
    }
    const char *near = ho_text_nearest(key, names, count);
    const ho_command *command = near == NULL ? command_of(section) : NULL;
    return command != NULL ? ho_options_nearest(command->options, key) : near;
}

bool ho_config_option_exists(const char *option)
{
    for (size_t i = 0; i < ho_command_count(); i++) {
        if (ho_options_find(ho_command_at(i)->options, option) != NULL) return true;
    }
    return false;
}
