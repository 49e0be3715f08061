package org.iommulab.lab.advice;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.language.Trait;
import org.iommulab.lab.run.Rig;
import org.iommulab.linux.Kernel;
import org.iommulab.memory.Changes;
import org.jspecify.annotations.Nullable;

/**
 * One command, and everything that was seen while it was carried out.
 *
 * @param number of the command
 * @param args arguments of a call or ioctl with their expressions worked out
 * @param changes quadwords of memory that differ now
 * @param seen in order
 */
record Step(
    int number,
    Command command,
    Map<String, Object> args,
    Result result,
    Changes changes,
    List<Seen> seen,
    Rig rig,
    Notebook notes) {

  long timeNs() {
    return rig.timeNs();
  }

  /** Whether kernel or VMM did it: what happens inside one of their functions is theirs. */
  boolean byKernel() {
    return command.is(Trait.REACHES_KERNEL)
        || command instanceof Command.ClockAdvance
        || command instanceof Command.UserFree;
  }

  Optional<Kernel> kernel() {
    return rig.kernel();
  }

  void raise(String rule, Object key, List<Evidence> evidence, List<String> fix, Object... says) {
    notes.raise(number, rule, key, evidence, fix, says);
  }

  /** A judgement on a mapping, shown by where it was made and where it went wrong. */
  void raise(String rule, Live mapping, List<String> fix, Object... says) {
    raise(
        rule,
        List.of(mapping.step, mapping.address),
        List.of(
            Evidence.command(mapping.step),
            Evidence.command(number),
            Evidence.mapping(mapping.address)),
        fix,
        says);
  }

  /** Name of the function if the command calls one, else an empty text. */
  String function() {
    return command instanceof Command.Call call ? call.fn() : "";
  }

  String text(String name) {
    return String.valueOf(args.getOrDefault(name, ""));
  }

  /** The first of these arguments that is a number; {@code otherwise} if there is none. */
  long number(long otherwise, String... names) {
    for (String name : names) {
      if (args.get(name) instanceof Number number) {
        return number.longValue();
      }
    }
    return otherwise;
  }

  /** A number of a result, which may be written in hexadecimal; -1 if it is none. */
  static long number(@Nullable Object value) {
    return switch (value) {
      case Number number -> number.longValue();
      case String text when text.startsWith("0x") -> Long.parseUnsignedLong(text.substring(2), 16);
      case null, default -> -1;
    };
  }

  /** Name of the error that the command ended with; null if it succeeded. */
  @Nullable String errno() {
    return result instanceof Result.Returned returned ? returned.errno() : null;
  }

  /** The same, {@code otherwise} if it succeeded. */
  String errnoOr(String otherwise) {
    String errno = errno();
    return errno == null ? otherwise : errno;
  }

  String cause() {
    return result instanceof Result.Returned returned && returned.cause() != null
        ? returned.cause()
        : "";
  }

  long ret() {
    return result instanceof Result.Returned returned ? returned.ret() : 0;
  }

  /** A value that the call returned beside its return value. */
  @Nullable Object out(String field) {
    return result.fields().get("out") instanceof Map<?, ?> out ? out.get(field) : null;
  }

  Optional<PciDevice> device(Object word) {
    for (PciDevice device : rig.machine().devices()) {
      if (device.name().equals(word)
          || SourceId.parse(String.valueOf(word)).filter(device.source()::equals).isPresent()) {
        return Optional.of(device);
      }
    }
    return Optional.empty();
  }

  String name(SourceId source) {
    return device(source.toString()).map(PciDevice::name).orElse(source.toString());
  }

  List<Seen.Request> requests() {
    return seen.stream()
        .filter(Seen.Request.class::isInstance)
        .map(Seen.Request.class::cast)
        .toList();
  }
}
