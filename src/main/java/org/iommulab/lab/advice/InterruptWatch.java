package org.iommulab.lab.advice;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bits.Field;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.machine.Machine;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.RegisterLayouts;

/** Interrupt remapping of one unit: H48 to H52. */
final class InterruptWatch implements Watcher {

  private static final Field ON = RegisterLayouts.GSTS.field("IRES");
  private static final int COMMAND = RegisterLayouts.GCMD.position();

  /** A change of a live entry that the cache was not told of. */
  private record Changed(int step, long before, boolean byKernel) {}

  private final Machine machine;
  private final int number;
  private final RemappingUnit unit;
  private final Map<Integer, Changed> open = new HashMap<>();
  private final Map<Integer, Integer> halves = new HashMap<>();
  private long table = -1;
  private int loadedAt = -1;
  private boolean remapping;
  private boolean noSourceCheck;

  InterruptWatch(Machine machine, int number) {
    this.machine = machine;
    this.number = number;
    unit = machine.units().get(number);
  }

  @Override
  public void see(Step step) {
    switch (step.command()) {
      case Command.Reset reset -> {
        open.clear();
        halves.clear();
        table = -1;
        loadedAt = -1;
      }
      case Command.LinuxBoot boot -> noSourceCheck = boot.cmdline().contains("nosid");
      default -> {}
    }
    changes(step);
    for (Seen event : step.seen()) {
      switch (event) {
        case Seen.Write write when write.unit() == number && write.offset() == COMMAND ->
            command(step, write);
        case Seen.Descriptor seen when seen.unit() == number && seen.error() == 0 -> fetched(seen);
        default -> {}
      }
    }
    long status = unit.read(RegisterLayouts.GSTS.position(), 4);
    boolean on = ON.isSet(status);
    if (on && (!remapping || loadedAt == step.number())) {
      entries(step);
    }
    remapping = on;
    compatibility(step, status);
    if (step.command() instanceof Command.Msi msi && on) {
      sent(step, msi);
    }
  }

  private long entry(int index, int word) {
    return machine.memory().readQword(table + index * 16L + word * 8L);
  }

  private int size() {
    long register = unit.read(RegisterLayouts.IRTA.position(), 8);
    return 2 << RegisterLayouts.IRTA.field("S").get(register);
  }

  private void changes(Step step) {
    if (table < 0) {
      return;
    }
    var changes = step.changes().in(table, size() * 16L).iterator();
    while (changes.hasNext()) {
      PhysicalMemory.Change change = changes.next();
      long offset = change.address() - table;
      int index = (int) (offset >>> 4);
      boolean low = (offset & 8) == 0;
      boolean live = Irte.P.isSet(low ? change.before() : entry(index, 0));
      long ignored = low ? Irte.AVAIL.mask() | Irte.FPD.mask() : 0;
      if (!remapping || !live || ((change.before() ^ change.after()) & ~ignored) == 0) {
        continue;
      }
      long before = low ? change.before() : entry(index, 0);
      open.putIfAbsent(index, new Changed(step.number(), before, step.byKernel()));
      boolean stays = low ? Irte.P.isSet(change.after()) : true;
      half(step, index, low, stays);
      if (stays) {
        sender(step, index);
      }
    }
  }

  /** H52: the other half of a live entry was stored by an earlier command. */
  private void half(Step step, int index, boolean low, boolean stays) {
    int half = low ? 1 : 2;
    Integer known = halves.get(index);
    boolean both = step.changes().count(table + index * 16L, 16) > 1;
    if (!stays || step.byKernel() || both) {
      halves.remove(index);
    } else if (known != null && (known & 3) != half) {
      step.raise(
          "H52",
          index,
          List.of(
              Evidence.command(known >>> 2),
              Evidence.command(step.number()),
              Evidence.entry(table + index * 16L)),
          List.of(),
          index,
          known >>> 2,
          step.number());
      halves.remove(index);
    } else {
      halves.put(index, step.number() << 2 | half);
    }
  }

  private void command(Step step, Seen.Write write) {
    if (!RegisterLayouts.GCMD.field("SIRTP").isSet(write.value())) {
      return;
    }
    long register = unit.read(RegisterLayouts.IRTA.position(), 8);
    long loaded = RegisterLayouts.IRTA.field("IRTA").get(register);
    boolean other = table >= 0 && table != loaded;
    boolean empties = unit.configuration().capabilities().has(CapabilityLayout.ESIRTPS);
    if (other && !empties && ON.isSet(write.status())) {
      loadedAt = step.number();
    }
    table = loaded;
    open.clear();
    halves.clear();
  }

  private void fetched(Seen.Descriptor seen) {
    Descriptor d = Descriptor.of(seen);
    if (d == null || d.type() != InvalidationDescriptor.INTERRUPT_ENTRY) {
      return;
    }
    boolean one = InvalidationDescriptor.INTERRUPT_ENTRY.field("G").isSet(d.low());
    if (!one) {
      open.clear();
      loadedAt = -1;
      halves.clear();
      return;
    }
    int index = (int) InvalidationDescriptor.INTERRUPT_ENTRY.field("IIDX").get(d.low());
    int mask = (int) InvalidationDescriptor.INTERRUPT_ENTRY.field("IM").get(d.low());
    open.keySet().removeIf(i -> i >>> mask == index >>> mask);
    halves.keySet().removeIf(i -> i >>> mask == index >>> mask);
  }

  private void compatibility(Step step, long status) {
    boolean extended =
        RegisterLayouts.IRTA.field("EIME").isSet(unit.read(RegisterLayouts.IRTA.position(), 8));
    if (ON.isSet(status) && RegisterLayouts.GSTS.field("CFIS").isSet(status) && !extended) {
      step.raise(
          "H50",
          "cfis",
          List.of(Evidence.command(step.number()), Evidence.register("GSTS", 0x1C)),
          List.of(Remedy.register(COMMAND, 4, status & 0x967F_FFFFL, number)));
    }
  }

  /** H51: every entry that lets anybody use it. */
  private void entries(Step step) {
    for (int i = 0; table >= 0 && i < Math.min(size(), 65_536); i++) {
      if (Irte.P.isSet(entry(i, 0))) {
        sender(step, i);
      }
    }
  }

  private void sender(Step step, int index) {
    if (Irte.SVT.get(entry(index, 1)) == 0 && !noSourceCheck) {
      long entry = table + index * 16L;
      step.raise(
          "H51",
          index,
          List.of(Evidence.entry(entry)),
          List.of(Remedy.write(entry + 8, 0x40000L | Irte.SID.get(entry(index, 1)))),
          index,
          Wording.DEVICES.with(machine.devices().size()));
    }
  }

  private void sent(Step step, Command.Msi msi) {
    boolean remappable = (msi.addr() & 0x10) != 0;
    if (!remappable) {
      return;
    }
    int index = (int) (msi.addr() >>> 5 & 0x7FFF | (msi.addr() >>> 2 & 1) << 15);
    if ((msi.addr() & 8) != 0) {
      index += msi.data();
    }
    Changed changed = open.get(index);
    if (changed != null && isCached(index)) {
      raiseChanged(step, index, changed);
    }
    if (loadedAt >= 0) {
      raiseLoaded(step);
    }
  }

  private boolean isCached(int index) {
    return unit.interruptCache().stream()
        .anyMatch(line -> line.page() == index && unit.isStale(line));
  }

  private void raiseChanged(Step step, int index, Changed changed) {
    step.raise(
        "H48",
        index,
        List.of(Evidence.command(changed.step()), Evidence.entry(table + index * 16L)),
        Remedy.queue(step.rig(), number, 0x14L | (long) index << 32, 0),
        index,
        changed.step(),
        Digits.bare(Irte.V.get(changed.before())));
  }

  private void raiseLoaded(Step step) {
    step.raise(
        "H49",
        loadedAt,
        List.of(Evidence.command(loadedAt), Evidence.register("IRTA", 0xB8)),
        Remedy.queue(step.rig(), number, 0x4, 0),
        loadedAt);
  }

  @Override
  public void atEnd(Step last) {
    open.forEach(
        (index, changed) -> {
          if (!changed.byKernel()) {
            raiseChanged(last, index, changed);
          }
        });
    if (loadedAt >= 0) {
      raiseLoaded(last);
    }
  }
}
