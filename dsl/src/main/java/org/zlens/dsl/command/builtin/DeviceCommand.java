package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.CurrentModel;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.plan.Memory;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Device;
import org.zlens.engine.runtime.Devices;
import org.zlens.engine.runtime.GpuMemory;
import org.zlens.engine.runtime.ProcessMemory;
import org.zlens.engine.runtime.Torch;

/** {@code device}: what the numbers are computed on. */
public final class DeviceCommand implements Command {
  private static final double MEGABYTE = 1e6;
  private static final String FLOAT32 = "float32";

  private static final Parameter<String> NAME =
      Parameter.of("name", Types.NAME, "'cpu', 'cuda', or \"cuda:1\" for a GPU after the first")
          .optional();

  private static final Parameter<String> TYPE =
      Parameter.after(
              "dtype",
              "type",
              Types.choice(FLOAT32, "bfloat16", "float16"),
              "what matrices of weights are kept in; 16 bits on a GPU only")
          .orElse(FLOAT32);

  private static final Signature SIGNATURE =
      Signature.verb("device", Group.SET_UP, "list what can be computed on, or choose it")
          .details(
              """
              Without a name all devices are listed, with their memory and how much of it is in use: \
              of the processor by this program, of a GPU by whomever. Weights are those of the model \
              that are in memory now; they are read as they are needed. Models are loaded to the \
              device that was chosen before: choosing another takes the model, its SAEs and prompts \
              away. With 16 bits activations, norms and attribution stay in float32. A GPU needs a \
              native library with CUDA, see the readme. 'set threads' changes how many threads one \
              operation uses on the processor.""")
          .parameters(NAME, TYPE)
          .result(ValueKind.TABLE)
          .columns(
              "device",
              "selected",
              "dtype",
              "name",
              "threads",
              "processors",
              "library",
              "memory",
              "used",
              "weights")
          .example("device", "the devices, their memory and the native library")
          .example("device cpu; model sprig", "the model on the processor")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (!arguments.has(NAME)) {
      if (arguments.has(TYPE)) {
        throw arguments.fault(
            TYPE, Kind.TYPE, "'dtype' needs the name of a device", "device cuda dtype ...");
      }
      return;
    }
    if (arguments.isKnown(NAME)) {
      parse(arguments);
    }
    // Whether it is another than the present one will be known when it runs.
    EngineFacts.forgetModel(forecast);
    EngineFacts.forgetSaes(forecast);
  }

  private static Device parse(Arguments arguments) {
    String name = arguments.get(NAME);
    return Device.parse(name)
        .orElseThrow(
            () ->
                arguments.fault(
                    NAME,
                    Kind.NAME,
                    "no device is called '" + name + "'",
                    "there are 'cpu', 'cuda', and \"cuda:1\" for a GPU after the first"));
  }

  @Override
  public List<Candidate> complete(
      Parameter<?> parameter, List<String> written, String typed, Forecast forecast) {
    return parameter == NAME
        ? List.of(new Candidate("cpu", "the processor"), new Candidate("cuda", "the first GPU"))
        : Command.super.complete(parameter, written, typed, forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    boolean changed = arguments.has(NAME) && choose(arguments, session);
    Rows rows = rows(session);
    if (changed) {
      rows.note("the model, its SAEs and prompts are gone: load it again");
    }
    return rows.table();
  }

  /** Whether this took a model away. */
  private static boolean choose(Arguments arguments, Session session) {
    Device device = parse(arguments);
    DType type =
        List.of(DType.values()).stream()
            .filter(one -> one.label().equals(arguments.get(TYPE)))
            .findFirst()
            .orElseThrow();
    if (device.equals(Torch.device()) && type == Torch.weightType()) {
      return false;
    }
    try {
      Torch.use(device, type);
    } catch (ZlensException e) {
      throw arguments.fault(
          arguments.has(TYPE) && type.isNarrow() && device.isCpu() ? TYPE : NAME,
          e.kind(),
          e.getMessage(),
          e.hint());
    }
    boolean had = session.find(Slots.MODEL).isPresent();
    session.clear(Slots.PROMPTS);
    session.clear(Slots.SAES);
    session.clear(Slots.MODEL);
    return had;
  }

  private static Rows rows(Session session) {
    Optional<CurrentModel> model = session.find(Slots.MODEL);
    double weights =
        model.map(one -> one.model().transformer().weights().bytes() / MEGABYTE).orElse(Double.NaN);
    List<Device> devices = Devices.all();
    Map<Integer, GpuMemory> gpus =
        (devices.size() > 1 ? GpuMemory.all() : List.<GpuMemory>of())
            .stream().collect(Collectors.toMap(GpuMemory::index, Function.identity(), (a, b) -> a));
    Rows rows = new Rows("device");
    for (Device device : devices) {
      boolean selected = device.equals(Torch.device());
      Optional<GpuMemory> gpu =
          device.isCpu() ? Optional.empty() : Optional.ofNullable(gpus.get(device.index()));
      rows.text("device", device.toString())
          .truth("selected", selected)
          .text("dtype", selected ? Torch.weightType().label() : null)
          .text("name", device.isCpu() ? System.getProperty("os.arch") : name(gpu))
          .whole("threads", device.isCpu() ? Torch.threads() : -1)
          .whole("processors", device.isCpu() ? Runtime.getRuntime().availableProcessors() : -1)
          .text("library", "libtorch " + Torch.version())
          .number("memory", total(device, gpu), "MB")
          .number("used", used(device, gpu), "MB")
          .number("weights", selected ? weights : Double.NaN, "MB");
    }
    return rows;
  }

  private static String name(Optional<GpuMemory> gpu) {
    return gpu.map(GpuMemory::name).orElse(null);
  }

  private static double total(Device device, Optional<GpuMemory> gpu) {
    return device.isCpu() ? megabytes(Memory.ofMachine()) : megabytes(gpu.map(GpuMemory::total));
  }

  private static double used(Device device, Optional<GpuMemory> gpu) {
    return device.isCpu()
        ? megabytes(ProcessMemory.resident())
        : megabytes(gpu.map(GpuMemory::used));
  }

  private static double megabytes(Optional<Long> bytes) {
    return megabytes(bytes.orElse(-1L));
  }

  private static double megabytes(long bytes) {
    return bytes < 0 ? Double.NaN : bytes / MEGABYTE;
  }
}
