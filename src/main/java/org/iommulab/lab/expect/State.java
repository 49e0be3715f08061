package org.iommulab.lab.expect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.iommulab.lab.check.Invariants;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallFrame;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.request.RequestOutcome;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkPath;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state behind paths. Hardware is read as anybody can see it, from registers, memory and
 * the caches' contents; values are numbers, texts, lists and maps.
 */
public final class State {

  private final Observation moment;
  private final Map<String, Function<List<Object>, @Nullable Object>> functions =
      new LinkedHashMap<>();

  public State(Observation moment) {
    this.moment = moment;
    functions.put("reg", this::register);
    functions.put("root", inUnits(TableState::root));
    functions.put("ctx", inUnits(TableState::context));
    functions.put("pasid", inUnits(TableState::pasid));
    functions.put("pte", inUnits(TableState::entry));
    functions.put("fault", inUnits(TableState::fault));
    functions.put("qi", inUnits(TableState::descriptors));
    functions.put("iotlb", inUnits(TableState::iotlb));
    functions.put("context_cache", inUnits(TableState::contextCache));
    var devices = new DeviceState(moment);
    functions.put("device_tlb", devices::deviceTlb);
    functions.put("prq", arguments -> devices.pageRequests(unit(arguments, 0)));
    functions.put("mem", this::memory);
    functions.put("written", this::written);
    functions.put("counters", arguments -> Records.fields(unit(arguments, 0).counters()));
    functions.put("device", this::device);
    functions.put("dmar", none -> dmar());
    functions.put("result", none -> moment.result());
    functions.put("calls", this::calls);
    functions.put("walk", none -> moment.walk().map(State::walk).orElse(null));
    functions.put("log", none -> moment.kernel().map(kernel -> kernel.dmesg()).orElse(List.of()));
    functions.put("vmm", none -> moment.vmm().map(vmm -> vmm.messages()).orElse(List.of()));
    functions.put(
        "domains",
        none -> Records.all(moment.kernel().map(kernel -> kernel.domains()).orElse(List.of())));
    functions.put(
        "groups",
        none -> Records.all(moment.kernel().map(kernel -> kernel.groups()).orElse(List.of())));
    functions.put(
        "process",
        none ->
            Records.all(moment.kernel().map(kernel -> kernel.processes()).orElse(List.of()))
                .stream()
                .findFirst()
                .orElse(null));
    functions.put("objects", this::objects);
    var memory = new UserState(moment);
    functions.put("user", memory::bytes);
    functions.put("same", memory::same);
    functions.put("pins", memory::pins);
    functions.put("irq", this::interrupt);
    functions.put(
        "findings", none -> Records.all(Invariants.findings(moment.machine(), moment.kernel())));
    functions.put("advice", rule -> AdviceState.of(moment.advised().cases(false), rule));
    functions.put("advice_at_end", rule -> AdviceState.of(moment.advised().cases(true), rule));
    functions.put("leaks", none -> moment.kernel().map(kernel -> kernel.leaks()).orElse(List.of()));
    var dma = new DmaState(moment);
    functions.put("slots", dma::slots);
    functions.put("orig", dma::originals);
    functions.put("iova", dma::iova);
    functions.put("fq", dma::queue);
    functions.put("exposed", dma::exposed);
    functions.put("boot", dma::boot);
    functions.put(
        "guest",
        none ->
            moment
                .vmm()
                .flatMap(vmm -> vmm.guest())
                .map(guest -> Records.fields(guest.view()))
                .orElse(null));
  }

  /**
   * What a path has; null if there is no such thing now.
   *
   * @throws BadPathException if there can never be such a thing
   */
  public @Nullable Object read(StatePath path) throws BadPathException {
    var function = functions.get(path.function());
    if (function == null) {
      throw new BadPathException(
          "there is no \"%s\" to look at in %s; there are %s",
          "没有可查看的 \"%s\"（路径 %s）；现有 %s",
          path.function(),
          path.text(),
          String.join(", ", functions.keySet()));
    }
    Object value;
    try {
      value = function.apply(path.arguments());
    } catch (IllegalArgumentException e) {
      throw new BadPathException(
          "%s: %s", "无法查看 %s：%s", path.text(), String.valueOf(e.getMessage()));
    }
    String contains = path.contains();
    if (contains != null) {
      value =
          value instanceof List<?> lines
              && lines.stream().anyMatch(line -> line.toString().contains(contains));
    }
    for (Object selector : path.selectors()) {
      value = select(value, selector, path);
    }
    return value;
  }

  private static @Nullable Object select(@Nullable Object value, Object selector, StatePath path)
      throws BadPathException {
    return switch (selector) {
      case Integer index ->
          value instanceof List<?> list && index < list.size() ? list.get(index) : null;
      case String name when value instanceof Map<?, ?> map -> {
        if (!map.containsKey(name) && path.function().equals("reg")) {
          throw new BadPathException(
              "%s: there is no field %s; fields are %s",
              "%s：没有字段 %s；现有字段 %s", path.text(), name, map.keySet());
        }
        yield map.get(name);
      }
      default -> null;
    };
  }

  /** The unit whose number is given at a place of the arguments; the first one without it. */
  private RemappingUnit unit(List<Object> arguments, int at) {
    long number = arguments.size() > at ? number(arguments, at) : 0;
    List<RemappingUnit> units = moment.machine().units();
    if (number < 0 || number >= units.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "there is no unit %d; units are 0 to %d", number, units.size() - 1));
    }
    return units.get((int) number);
  }

  /** Looks into the unit of the device that is asked for, or else into all of them. */
  private Function<List<Object>, @Nullable Object> inUnits(
      BiFunction<TableState, List<Object>, @Nullable Object> look) {
    return arguments -> {
      List<RemappingUnit> units = moment.machine().units();
      Optional<RemappingUnit> own =
          arguments.isEmpty()
              ? Optional.empty()
              : moment.device(arguments.getFirst()).flatMap(moment.machine()::unit);
      Object found = null;
      for (int i = 0; i < units.size(); i++) {
        if (own.isEmpty() || own.get() == units.get(i)) {
          found = joined(found, look.apply(new TableState(moment, i), arguments));
        }
      }
      return found;
    };
  }

  private static @Nullable Object joined(@Nullable Object one, @Nullable Object other) {
    if (one instanceof List<?> list && other instanceof List<?> more) {
      return Stream.concat(list.stream(), more.stream()).toList();
    }
    return one == null ? other : one;
  }

  /** {@code dmar}: the table of the machine's firmware, with what is odd about it. */
  private Map<String, Object> dmar() {
    var spec = moment.machine().spec();
    var fields = new LinkedHashMap<String, Object>();
    fields.put(
        "structures",
        Records.all(spec.dmar().structures().stream().map(Record.class::cast).toList()));
    fields.put("findings", spec.firmwareFindings());
    return fields;
  }

  /** {@code device(name)}: registers, rings, counters. */
  private @Nullable Object device(List<Object> arguments) {
    String word = word(arguments, 0);
    return moment
        .device(word)
        .flatMap(moment.machine()::device)
        .map(DeviceFacts::of)
        .orElseThrow(() -> new IllegalArgumentException("this machine has no device " + word));
  }

  /** {@code irq(number)}: a device's interrupt as the kernel knows it. */
  private @Nullable Object interrupt(List<Object> arguments) {
    int number = (int) number(arguments, 0);
    return moment
        .kernel()
        .map(kernel -> kernel.interrupts().irq(number))
        .map(irq -> Records.fields(irq.view()))
        .orElse(null);
  }

  private @Nullable Object register(List<Object> arguments) {
    String name = word(arguments, 0).toUpperCase(Locale.ROOT);
    Register register =
        RegisterLayouts.withOptional().stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no register " + name));
    var unit = unit(arguments, 1);
    var capabilities = unit.configuration().capabilities();
    int offset = register.offset(capabilities.cap(), capabilities.ecap());
    int quadwords = Math.max(1, register.bytes() / 8);
    long[] value = new long[quadwords];
    for (int i = 0; i < quadwords; i++) {
      value[i] = unit.read(offset + 8 * i, Math.min(8, register.bytes()));
    }
    return Records.decoded(register.layout(), value);
  }

  private @Nullable Object memory(List<Object> arguments) {
    long address = number(arguments, 0);
    if (arguments.size() < 2) {
      return moment.machine().memory().readQword(address & ~7L);
    }
    long length = number(arguments, 1);
    if (length < 1 || length > 4096) {
      throw new IllegalArgumentException("1 to 4096 bytes can be compared, not " + length);
    }
    byte[] bytes = new byte[(int) length];
    moment.machine().memory().read(address, bytes, 0, bytes.length);
    return java.util.HexFormat.of().formatHex(bytes);
  }

  /** {@code written(address)}: the quadword as a device reads it that does not snoop. */
  private @Nullable Object written(List<Object> arguments) {
    long address = number(arguments, 0);
    long[] frame = moment.machine().memory().frame(Page.number(address), false);
    return frame == null ? null : frame[(int) (address >>> 3) & 511];
  }

  private Object calls(List<Object> arguments) {
    var found = new ArrayList<Map<String, Object>>();
    Optional<String> name =
        arguments.isEmpty() ? Optional.empty() : Optional.of(word(arguments, 0));
    moment.calls().stream()
        .flatMap(State::flat)
        .filter(frame -> name.isEmpty() || frame.function().equals(name.get()))
        .forEach(frame -> found.add(call(frame)));
    return found;
  }

  private static Stream<CallFrame> flat(CallFrame frame) {
    return Stream.concat(Stream.of(frame), frame.children().stream().flatMap(State::flat));
  }

  private static Map<String, Object> call(CallFrame frame) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("fn", frame.function());
    for (CallFrame.Argument argument : frame.arguments()) {
      String text = argument.text();
      fields.put(argument.name(), text == null ? (Object) argument.value() : text);
    }
    put(fields, "ret", frame.result());
    put(fields, "errno", frame.errno());
    put(fields, "cause", frame.cause());
    fields.put("effects", frame.effects());
    fields.put("writes", Records.all(frame.writes()));
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private static Map<String, Object> walk(WalkPath walk) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("reads", walk.reads());
    fields.put("steps", (long) walk.steps().size());
    switch (walk.outcome()) {
      case Translation.Done done -> {
        fields.put("outcome", done.memory() ? "reached" : "nothing");
        fields.put("pa", done.address());
      }
      case Translation.Blocked blocked -> {
        fields.put("outcome", "blocked");
        fields.put("reason", (long) blocked.reason().code());
        fields.put("recorded", blocked.recorded());
        fields.put("cached", blocked.cached());
      }
      case Translation.Interrupt interrupt -> fields.put("outcome", "interrupt");
      case Translation.Aborted _, RequestOutcome.Denied _, RequestOutcome.Refused _ ->
          fields.put("outcome", "aborted");
    }
    return fields;
  }

  private Object objects(List<Object> arguments) {
    var all = moment.kernel().map(kernel -> kernel.iommufdObjects()).orElse(List.of());
    return Records.all(
        all.stream()
            .filter(o -> arguments.isEmpty() || o.type().equals(word(arguments, 0)))
            .toList());
  }

  static long number(List<Object> arguments, int index) {
    if (index < arguments.size() && arguments.get(index) instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException("argument " + (index + 1) + " must be a number");
  }

  static String word(List<Object> arguments, int index) {
    if (index < arguments.size()) {
      return arguments.get(index).toString();
    }
    throw new IllegalArgumentException("argument " + (index + 1) + " is missing");
  }
}
