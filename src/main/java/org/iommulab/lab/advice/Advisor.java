package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.DmaAccess;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.machine.DmaOutcome;
import org.iommulab.lab.run.CommandWatch;
import org.iommulab.lab.run.Rig;
import org.iommulab.memory.Changes;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.register.UnitWatch;
import org.jspecify.annotations.Nullable;

/**
 * Looks on while commands are carried out, and says what is wrong. It changes nothing: with and
 * without it a machine does the same. A machine that has none pays nothing.
 */
public final class Advisor implements CommandWatch {

  /** Events of one command that are looked at; a longer one is judged by its beginning. */
  private static final int MOST_EVENTS = 100_000;

  private final Rig rig;
  private final Notebook notes = new Notebook();
  private final List<Watcher> watchers;
  private final List<Seen> seen = new ArrayList<>();
  private Map<String, Object> args = Map.of();
  private @Nullable Step last;

  private Advisor(Rig rig) {
    this.rig = rig;
    watchers = Watchers.all(rig.machine());
    List<RemappingUnit> units = rig.machine().units();
    for (int i = 0; i < units.size(); i++) {
      units.get(i).setWatch(new UnitEvents(i, units.get(i)));
    }
    rig.machine().setWatch(this::answered);
  }

  /** Lets an advisor look on from now on. */
  public static Advisor of(Rig rig) {
    var advisor = new Advisor(rig);
    rig.setWatch(advisor);
    return advisor;
  }

  /** Whether a path of {@code expect} asks for advice. */
  public static boolean isAskedFor(String path) {
    return path.matches("advice(_at_end)?([.(].*)?");
  }

  /** What has been said so far, in order. */
  public List<Advice> advice() {
    return notes.all();
  }

  /** The same, and what is wrong if nothing comes any more. */
  public List<Advice> adviceAtEnd() {
    Step step = last;
    if (step == null) {
      return notes.all();
    }
    Notebook copy = notes.copy();
    var end =
        new Step(
            step.number(),
            step.command(),
            step.args(),
            step.result(),
            Changes.NONE,
            List.of(),
            rig,
            copy);
    watchers.forEach(watcher -> watcher.atEnd(end));
    return copy.all();
  }

  @Override
  public List<Map<String, Object>> told(boolean atEnd) {
    return (atEnd ? adviceAtEnd() : advice()).stream().map(Advice::fields).toList();
  }

  /** Cases that were too many to keep. */
  public long lost() {
    return notes.lost();
  }

  @Override
  public void before(Command command) {
    seen.clear();
    args =
        switch (command) {
          case Command.Call call -> rig.resolved(call.args());
          case Command.Ioctl ioctl when ioctl.arg() instanceof Map<?, ?> map -> rig.resolved(map);
          default -> Map.of();
        };
  }

  @Override
  public void after(Command command, Result result) {
    var step =
        new Step(
            rig.number(),
            command,
            new LinkedHashMap<>(args),
            result,
            rig.lastChanges(),
            List.copyOf(seen),
            rig,
            notes);
    seen.clear();
    last = step;
    watchers.forEach(watcher -> watcher.see(step));
  }

  private void answered(DmaAccess access, DmaOutcome.Chunk chunk) {
    note(new Seen.Request(access, chunk));
  }

  private void note(Seen event) {
    if (seen.size() < MOST_EVENTS) {
      seen.add(event);
    }
  }

  private final class UnitEvents implements UnitWatch {
    private final int number;
    private final RemappingUnit unit;

    UnitEvents(int number, RemappingUnit unit) {
      this.number = number;
      this.unit = unit;
    }

    @Override
    public void writing(int offset, int size, long value) {
      long status = unit.read(RegisterLayouts.GSTS.position(), 4);
      long head = unit.read(RegisterLayouts.IQH.position(), 8);
      note(new Seen.Write(number, offset, size, value, status, head, unit.latchedRootAddress()));
    }

    @Override
    public void fetched(long address, long low, long high, int error) {
      note(new Seen.Descriptor(number, address, low, high, error));
    }
  }
}
