package org.iommulab.lab.rig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.iommulab.lab.expect.BadPathException;
import org.iommulab.lab.expect.Comparison;
import org.iommulab.lab.expect.Moment;
import org.iommulab.lab.expect.State;
import org.iommulab.lab.expect.StatePath;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Json;
import org.iommulab.lab.script.Result;
import org.jspecify.annotations.Nullable;

/** Checks {@code expect} commands. */
final class Expectation {

  private Expectation() {}

  static Result check(Command.Expect c, Rig rig) throws Complaint {
    Object actual = read(c.path(), rig);
    Object expected = c.value();
    if (expected instanceof String text && !(actual instanceof String)) {
      expected = rig.names.known(text) ? (Object) rig.names.value(text) : text;
    }
    boolean holds = Comparison.holds(actual, expected);
    var fields = new LinkedHashMap<String, Object>();
    fields.put("ok", holds);
    if (!holds) {
      fields.put("path", c.path());
      fields.put("expected", shown(c.value()));
      boolean counted = actual instanceof List && !(expected instanceof List);
      fields.put(
          "actual", counted ? ((List<?>) Objects.requireNonNull(actual)).size() : shown(actual));
    }
    return new Result.Checked(holds, actual, fields);
  }

  static @Nullable Object read(String path, Rig rig) throws Complaint {
    var moment =
        new Moment(
            rig.machine,
            Optional.ofNullable(rig.kernel),
            Optional.ofNullable(rig.process),
            Optional.ofNullable(rig.vmm),
            rig.lastFields(),
            rig.lastCalls(),
            rig.lastPath(),
            rig.handledFaults(),
            rig.queueTailsBefore());
    try {
      StatePath parsed = StatePath.parse(path);
      return new State(moment).read(parsed.withArguments(word -> meaning(word, rig)));
    } catch (BadPathException e) {
      throw new Complaint(e.sentence());
    }
  }

  /** Addresses in a path may be sums of names; a device's name is no sum. */
  private static Object meaning(String word, Rig rig) {
    try {
      boolean device = rig.machine.devices().stream().anyMatch(d -> d.name().equals(word));
      return !device && rig.names.known(word) ? (Object) rig.names.value(word) : word;
    } catch (Complaint notAnExpression) {
      return word;
    }
  }

  /** Numbers that look like addresses are shown as such. */
  private static Object shown(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case Long number when Long.compareUnsigned(number, 4096) >= 0 -> Json.hex(number);
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<Object, Object>();
        map.forEach((key, inner) -> copy.put(key, shown(inner)));
        yield copy;
      }
      case List<?> list -> list.stream().map(Expectation::shown).toList();
      default -> value;
    };
  }
}
