package org.zlens.engine.sae;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of SAELens's {@code cfg.json}, era by era. */
final class SaeLensKeys {
  /** Keys of version 6 that decide the numbers. */
  private static final Set<String> MODERN =
      words(
          """
          architecture d_in d_sae dtype device apply_b_dec_to_input normalize_activations
          reshape_activations metadata k rescale_acts_by_decoder_norm
          activation_normalization_factor
          """);

  /** Keys of versions 1 to 5 that decide the numbers or say where the SAE belongs. */
  private static final Set<String> OLDER =
      words(
          """
          architecture d_in d_sae dtype device model_name model_class_name hook_name hook_point
          hook_layer hook_point_layer hook_head_index hook_point_head_index activation_fn
          activation_fn_str activation_fn_kwargs apply_b_dec_to_input finetuning_scaling_factor
          normalize_activations prepend_bos context_size model_from_pretrained_kwargs
          """);

  /** Settings of the training run, which old files carry and which change nothing. */
  private static final Set<String> TRAINING =
      words(
          """
          act_store_device adam_beta1 adam_beta2 autocast autocast_lm aux_loss_coefficient
          b_dec_init_method cached_activations_path checkpoint_path compile_llm compile_sae
          dataset_path dataset_trust_remote_code dead_feature_estimation_method
          dead_feature_threshold dead_feature_window decoder_heuristic_init
          decoder_heuristic_init_norm decoder_init_norm decoder_orthogonal_init
          disable_concat_sequences eval_batch_size_prompts eval_every_n_wandb_logs
          exclude_special_tokens expansion_factor feature_reinit_scale feature_sampling_method
          feature_sampling_window finetuning_method finetuning_tokens from_pretrained_path
          hook_eval hook_point_eval init_encoder_as_decoder_transpose is_dataset_tokenized
          jumprelu_bandwidth jumprelu_init_threshold jumprelu_sparsity_loss_mode
          jumprelu_tanh_scale l0_coefficient l0_warm_up_steps l1_coefficient l1_warm_up_steps
          llm_compilation_mode log_activations_store_to_wandb log_optimizer_state_to_wandb
          log_to_wandb log_weights_to_wandb lp_norm lr lr_decay_steps lr_end lr_scheduler_name
          lr_warm_up_steps model_kwargs mse_loss_normalization n_batches_in_buffer n_checkpoints
          n_eval_batches n_restart_cycles neuronpedia_id noise_factor normalize_sae_decoder
          pre_act_loss_coefficient resample_batches resume run_name sae_compilation_mode
          sae_lens_training_version sae_lens_version scale_sparsity_penalty_by_decoder_norm seed
          seqpos_slice sparsity_loss_mode store_batch_size store_batch_size_prompts streaming
          tokens_per_buffer topk_threshold_lr total_training_steps total_training_tokens
          train_batch_size train_batch_size_tokens training_tokens use_cached_activations
          use_ghost_grads verbose wandb_entity wandb_group wandb_id wandb_log_frequency
          wandb_project
          """);

  private SaeLensKeys() {}

  /** Everything that a file of version 6 may say. */
  static Set<String> modern() {
    return union(MODERN, TRAINING);
  }

  /** Everything that an older file may say. */
  static Set<String> older() {
    return union(OLDER, TRAINING);
  }

  /** What the configuration keeps in fields of its own. */
  static Set<String> used() {
    return union(MODERN, OLDER);
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    return Stream.concat(one.stream(), other.stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
