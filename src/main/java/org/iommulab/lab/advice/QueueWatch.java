package org.iommulab.lab.advice;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.machine.Machine;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.words.Bilingual;

/** The invalidation queue of one unit: H24 to H30. */
final class QueueWatch implements Watcher {

  private static final int TAIL = RegisterLayouts.IQT.position();
  private static final int ADDRESS = RegisterLayouts.IQA.position();
  private static final int STATUS = RegisterLayouts.FSTS.position();
  private static final long STOPPED =
      RegisterLayouts.FSTS.field("IQE").mask() | RegisterLayouts.FSTS.field("ITE").mask();
  private static final long LOOK_AFTER_NS = 10_000_000;

  private final Machine machine;
  private final int number;
  private final RemappingUnit unit;
  private final RegisterCommand commands;
  private final Set<Long> written = new HashSet<>();
  private final Map<Long, Integer> awaited = new HashMap<>();
  private boolean lastWasWait = true;
  private long stoppedAtNs = -1;
  private int stoppedAtStep;
  private long silentWait = -1;

  QueueWatch(Machine machine, int number) {
    this.machine = machine;
    this.number = number;
    unit = machine.units().get(number);
    commands = new RegisterCommand(unit);
  }

  private long get(Register register) {
    return unit.read(register.position(), register.bytes());
  }

  private boolean enabled() {
    return RegisterLayouts.GSTS.field("QIES").isSet(get(RegisterLayouts.GSTS));
  }

  private long base() {
    return RegisterLayouts.IQA.field("IQA").get(get(RegisterLayouts.IQA));
  }

  private boolean wide() {
    return RegisterLayouts.IQA.field("DW").isSet(get(RegisterLayouts.IQA));
  }

  private long size() {
    return 4096L << RegisterLayouts.IQA.field("QS").get(get(RegisterLayouts.IQA));
  }

  @Override
  public void see(Step step) {
    if (step.command() instanceof Command.Reset) {
      written.clear();
      awaited.clear();
      stoppedAtNs = -1;
      lastWasWait = true;
    }
    stores(step);
    for (Seen event : step.seen()) {
      switch (event) {
        case Seen.Write write when write.unit() == number -> written(step, write);
        case Seen.Descriptor seen when seen.unit() == number -> fetched(step, seen);
        default -> {}
      }
    }
    if (silentWait >= 0) {
      raiseSilent(step, silentWait);
      silentWait = -1;
    }
    stopped(step);
  }

  // ---- slots -----------------------------------------------------------------------------------

  private void stores(Step step) {
    boolean raw =
        step.command() instanceof Command.MemWrite || step.command() instanceof Command.MemFill;
    if (!raw || base() == 0) {
      return;
    }
    long head = get(RegisterLayouts.IQH);
    long tail = get(RegisterLayouts.IQT);
    var stored = step.changes().in(base(), size()).iterator();
    while (stored.hasNext()) {
      long offset = stored.next().address() - base();
      long slot = offset & -(wide() ? 32L : 16L);
      written.add(slot);
      boolean waiting = head <= tail ? slot >= head && slot < tail : slot >= head || slot < tail;
      boolean repair = slot == head && (get(RegisterLayouts.FSTS) & STOPPED) != 0;
      if (enabled() && waiting && !repair) {
        step.raise(
            "H26",
            slot,
            List.of(Evidence.descriptor(base() + slot), Evidence.command(step.number())),
            List.of(),
            Digits.bare(base() + slot),
            Digits.bare(head),
            Digits.bare(tail));
      }
    }
  }

  // ---- registers -------------------------------------------------------------------------------

  private void written(Step step, Seen.Write write) {
    boolean on = RegisterLayouts.GSTS.field("QIES").isSet(write.status());
    if (write.offset() == TAIL) {
      tail(step, write, on);
    } else if (write.offset() == ADDRESS && on) {
      raiseSwitched(step, Wording.NEW_ADDRESS.with());
    } else if (write.offset() == RegisterLayouts.GCMD.position()) {
      switched(step, write, on);
    } else {
      registers(step, write, on);
    }
  }

  private void tail(Step step, Seen.Write write, boolean on) {
    long tail = write.value();
    boolean beyond = on && tail >= size();
    boolean odd = on && wide() && (tail & 16) != 0;
    boolean full = on && tail == write.head() && !written.isEmpty() && written.contains(tail);
    if (beyond || odd || full) {
      Bilingual why =
          beyond
              ? Wording.ENDS_AT.with(Digits.of(size()))
              : odd ? Wording.MULTIPLE_OF_32.with() : Wording.EMPTY_QUEUE.with(written.size());
      step.raise(
          "H25",
          "tail",
          List.of(Evidence.command(step.number()), Evidence.register("IQT", TAIL)),
          List.of(),
          Digits.bare(tail),
          why);
    }
    if (stoppedAtNs >= 0 && stoppedAtStep < step.number() && isStopped()) {
      raiseStopped(step);
    }
    written.clear();
  }

  private void switched(Step step, Seen.Write write, boolean on) {
    boolean wanted = RegisterLayouts.GCMD.field("QIE").isSet(write.value());
    boolean remapping = RegisterLayouts.GSTS.field("IRES").isSet(write.status());
    long tail = get(RegisterLayouts.IQT);
    boolean fresh = !on && wanted;
    if (on && !wanted && write.head() != tail && step.seen().size() < 2) {
      raiseSwitched(step, Wording.LEFT_DESCRIPTORS.with());
    } else if (on && !wanted && !lastWasWait) {
      raiseSwitched(step, Wording.NO_LAST_WAIT.with());
    } else if (on
        && !wanted
        && remapping
        && RegisterLayouts.GCMD.field("IRE").isSet(write.value())) {
      raiseSwitched(step, Wording.REMAPPING_NEEDS_IT.with());
    } else if (fresh && tailBefore(step, write) != 0) {
      raiseSwitched(step, Wording.ENABLED_WITH_TAIL.with(Digits.of(tailBefore(step, write))));
    }
    if (fresh) {
      lastWasWait = true;
    }
  }

  /** IQT as it was when the queue was enabled: a kernel has gone on since. */
  private long tailBefore(Step step, Seen.Write enabling) {
    for (int i = step.seen().indexOf(enabling) - 1; i >= 0; i--) {
      if (step.seen().get(i) instanceof Seen.Write write
          && write.unit() == number
          && write.offset() == TAIL) {
        return write.value();
      }
    }
    return step.byKernel() ? 0 : get(RegisterLayouts.IQT);
  }

  private void raiseSwitched(Step step, Bilingual how) {
    step.raise(
        "H29",
        how,
        List.of(Evidence.command(step.number()), Evidence.register("IQA", ADDRESS)),
        List.of(Remedy.register(TAIL, 8, 0, number)),
        how);
  }

  private void registers(Step step, Seen.Write write, boolean on) {
    Descriptor same = commands.of(write);
    boolean gone = !unit.configuration().capabilities().hasRegisterInvalidation();
    if (same != null && (on || gone)) {
      step.raise(
          "H28",
          write.offset(),
          List.of(Evidence.command(step.number())),
          Remedy.queue(step.rig(), number, same.low(), same.high()),
          same.type() == InvalidationDescriptor.IOTLB ? "IOTLB" : "CCMD",
          (on ? Wording.QUEUE_IS_ON : Wording.NO_REGISTERS).with());
    }
  }

  // ---- descriptors -----------------------------------------------------------------------------

  private void fetched(Step step, Seen.Descriptor seen) {
    Descriptor d = Descriptor.of(seen);
    lastWasWait = d != null && d.type() == InvalidationDescriptor.WAIT;
    if (d == null || d.type() != InvalidationDescriptor.WAIT) {
      return;
    }
    if (!d.reports()) {
      if (d.fences()) {
        silentWait = d.address();
      } else {
        raiseSilent(step, d.address());
      }
      return;
    }
    silentWait = -1;
    if (d.writesStatus() && !step.byKernel()) {
      status(step, d);
    }
  }

  private void raiseSilent(Step step, long address) {
    step.raise(
        "H24", address, List.of(Evidence.descriptor(address)), List.of(), Digits.bare(address));
  }

  private void status(Step step, Descriptor wait) {
    long word = wait.statusAddress();
    boolean pending = machine.memory().readDword(word) != wait.status();
    Integer other = awaited.get(word);
    Bilingual why = null;
    if (other != null && other == wait.status() && pending) {
      why = Wording.AWAITED_TWICE.with();
    } else if (other != null && other == wait.status()) {
      why = Wording.HELD_BEFORE.with(wait.status());
    }
    awaited.put(word, wait.status());
    if (why != null) {
      step.raise(
          "H30",
          word,
          List.of(Evidence.descriptor(wait.address())),
          List.of(Remedy.write(word & -8L, 0)),
          Digits.bare(word),
          why);
    }
  }

  // ---- a queue that stands still ---------------------------------------------------------------

  private boolean isStopped() {
    return (get(RegisterLayouts.FSTS) & STOPPED) != 0;
  }

  private void stopped(Step step) {
    if (!isStopped()) {
      stoppedAtNs = -1;
    } else if (stoppedAtNs < 0) {
      stoppedAtNs = step.timeNs();
      stoppedAtStep = step.number();
    } else if (step.timeNs() - stoppedAtNs >= LOOK_AFTER_NS) {
      raiseStopped(step);
    }
  }

  private void raiseStopped(Step step) {
    long head = get(RegisterLayouts.IQH);
    long tail = get(RegisterLayouts.IQT);
    boolean silent = RegisterLayouts.FSTS.field("ITE").isSet(get(RegisterLayouts.FSTS));
    long code = RegisterLayouts.IQERCD.field("IQEI").get(get(RegisterLayouts.IQERCD));
    long left = Math.floorMod(tail - head, Math.max(size(), 1)) / (wide() ? 32 : 16);
    long bits = silent ? 0x40 : 0x10;
    step.raise(
        "H27",
        stoppedAtStep,
        List.of(
            Evidence.command(stoppedAtStep),
            Evidence.descriptor(base() + head),
            Evidence.register("FSTS", STATUS)),
        silent
            ? List.of(Remedy.register(STATUS, 4, bits, number))
            : List.of(
                Remedy.write(base() + head, 0x1_0000_0025L, base() + 0xFF0),
                Remedy.register(STATUS, 4, bits, number)),
        Digits.bare(head),
        silent ? Wording.NO_ANSWER.with() : "IQERCD.IQEI = " + code,
        left);
  }

  @Override
  public void atEnd(Step last) {
    if (isStopped()) {
      raiseStopped(last);
    }
  }
}
