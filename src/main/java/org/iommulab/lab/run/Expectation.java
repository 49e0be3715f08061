package org.iommulab.lab.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.iommulab.lab.expect.BadPathException;
import org.iommulab.lab.expect.Comparison;
import org.iommulab.lab.expect.Observation;
import org.iommulab.lab.expect.State;
import org.iommulab.lab.expect.StatePath;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.process.Process;
import org.jspecify.annotations.Nullable;

/** Checks {@code expect} commands. */
final class Expectation {

  private final RunState state;
  private final Rig rig;

  Expectation(RunState state, Rig rig) {
    this.state = state;
    this.rig = rig;
  }

  Result check(Command.Expect c) throws Complaint {
    Object actual = read(c.path());
    Object expected = c.value();
    if (expected instanceof String text && !(actual instanceof String)) {
      expected = state.names().known(text) ? (Object) state.names().value(text) : text;
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

  private @Nullable Object read(String path) throws Complaint {
    CommandWatch watch = rig.watch();
    var moment =
        new Observation(
            state.machine(),
            state.booted(),
            state.running().map(Process.class::cast),
            state.hypervisor(),
            rig.lastFields(),
            rig.lastCalls(),
            rig.lastPath(),
            rig.handledFaults(),
            rig.queueTailsBefore(),
            atEnd -> watch == null ? List.of() : watch.told(atEnd));
    try {
      StatePath parsed = StatePath.parse(path);
      return new State(moment).read(parsed.withArguments(this::meaning));
    } catch (BadPathException e) {
      throw new Complaint(e.words());
    }
  }

  /** Addresses in a path may be sums of names; a device's name is no sum. */
  private Object meaning(String word) {
    try {
      boolean device = state.machine().devices().stream().anyMatch(d -> d.name().equals(word));
      return !device && state.names().known(word) ? (Object) state.names().value(word) : word;
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
