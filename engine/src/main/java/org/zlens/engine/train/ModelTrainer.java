package org.zlens.engine.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.zlens.engine.data.sprig.SprigRows;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;

/**
 * Trains a transformer to predict the next token, through the same forward pass that everything
 * else uses.
 *
 * <p>Each worker differentiates the loss of its rows; the mean of the gradients makes one step. A
 * checkpoint holds parameters, moments, the step and the place in the text, and training goes on
 * from the last one that its folder has.
 */
public final class ModelTrainer implements AutoCloseable {
  /** Told after every step. */
  @FunctionalInterface
  public interface Listener {
    /** A step is done; the loss is that of its batch before the step, in nats a token. */
    void step(long step, long steps, double loss, double gradientNorm);
  }

  private final ModelTraining plan;
  private final Parameters parameters;
  private final ModelOptimizer optimizer;
  private final ExecutorService workers;
  private SprigRows rows;
  private int phase;
  private long step;
  private long phaseEnd;

  /** A trainer at the start of its plan, or at its last checkpoint if there is one. */
  public ModelTrainer(ModelTraining plan) {
    this.plan = plan;
    try (Weights start = InitialWeights.of(plan.config(), plan.seed())) {
      this.parameters = new Parameters(start);
    }
    this.optimizer = new ModelOptimizer(parameters);
    this.workers = Executors.newFixedThreadPool(plan.workers());
    enterPhase(0, 0);
    if (Files.exists(checkpoint())) {
      resume();
    }
  }

  private void enterPhase(int index, long position) {
    phase = index;
    phaseEnd = 0;
    for (int i = 0; i <= index; i++) {
      phaseEnd += plan.steps(plan.phases().get(i));
    }
    SprigRows start = SprigRows.of(plan.seed() + index, plan.phases().get(index).mix());
    rows = start.from(plan.rowLength(), position);
  }

  /** Runs to the end of the plan. */
  public void run(Listener listener) {
    while (step < plan.steps()) {
      if (step >= phaseEnd) {
        enterPhase(phase + 1, 0);
      }
      try (Scope scope = Scope.open()) {
        List<Part> parts = parts();
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < parameters.leaves().size(); i++) {
          Tensor sum = parts.get(0).gradients().get(i);
          for (int k = 1; k < parts.size(); k++) {
            sum = sum.add(parts.get(k).gradients().get(i));
          }
          gradients.add(sum.mul(1.0 / parts.size()));
        }
        double loss = parts.stream().mapToDouble(Part::loss).average().orElseThrow();
        parts.forEach(part -> part.gradients().forEach(Tensor::close));
        double norm = optimizer.step(gradients, plan.rate(step), plan.muonRate(), plan.adamRate());
        step++;
        listener.step(step, plan.steps(), loss, norm);
      }
      if (step % plan.checkpointEvery() == 0 || step == plan.steps()) {
        save();
      }
    }
  }

  private record Part(double loss, List<Tensor> gradients) {}

  private List<Part> parts() {
    List<Future<Part>> futures = new ArrayList<>();
    for (int worker = 0; worker < plan.workers(); worker++) {
      int[][] batch = rows.next(plan.rows() / plan.workers());
      futures.add(workers.submit(() -> part(batch)));
    }
    List<Part> parts = new ArrayList<>();
    for (Future<Part> future : futures) {
      try {
        parts.add(future.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a training step failed", e.getCause());
      }
    }
    return parts;
  }

  private Part part(int[][] batch) {
    Torch.setOwnThreads(1);
    try (Scope scope = Scope.open();
        GradMode mode = GradMode.on()) {
      Tensor tokens = Tensor.ofRows(batch);
      Transformer model = new Transformer(plan.config(), parameters.weights());
      Tensor logits = model.forward(tokens, Hooks.none()).logits();
      Tensor loss = Kernels.call("next_token_loss", logits, tokens);
      List<Tensor> gradients = new ArrayList<>();
      for (Tensor gradient : loss.gradients(parameters.leaves())) {
        gradients.add(Scope.release(gradient));
      }
      return new Part(loss.detach().item(), gradients);
    }
  }

  /** The model as it is now, reading the parameters themselves, in the caller's scope. */
  public Transformer model() {
    return new Transformer(plan.config(), parameters.weights());
  }

  private Path checkpoint() {
    return plan.folder().resolve("checkpoint.safetensors");
  }

  private Map<String, Tensor> state() {
    Map<String, Tensor> state = optimizer.state();
    for (int i = 0; i < parameters.leaves().size(); i++) {
      state.put("parameter." + parameters.names().get(i), parameters.leaves().get(i));
    }
    return state;
  }

  private void save() {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata("step", Long.toString(step))
            .metadata("phase", Integer.toString(phase))
            .metadata("position", Long.toString(rows.position()));
    try (Scope scope = Scope.open()) {
      state().forEach((name, tensor) -> writer.add(name, tensor.shape(), tensor.floats()));
    }
    writer.write(checkpoint());
  }

  private void resume() {
    try (TensorFile file = Safetensors.open(checkpoint());
        Scope scope = Scope.open()) {
      state()
          .forEach(
              (name, tensor) -> {
                Tensor saved = Tensor.empty(DType.FLOAT32, file.info(name).shape());
                saved.write(buffer -> file.readFloats(name, buffer));
                Kernels.run("assign", List.of(tensor), List.of(saved));
              });
      step = Long.parseLong(file.metadata().get("step"));
      enterPhase(
          Integer.parseInt(file.metadata().get("phase")),
          Long.parseLong(file.metadata().get("position")));
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
    optimizer.close();
    parameters.close();
  }
}
