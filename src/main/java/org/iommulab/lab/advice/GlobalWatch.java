package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.machine.Machine;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.words.Bilingual;

/** Global commands, faults and protected memory of one unit: H35 to H39. */
final class GlobalWatch implements Watcher {

  private static final int COMMAND = RegisterLayouts.GCMD.position();
  private static final int STATUS = RegisterLayouts.FSTS.position();
  private static final int PROTECT = RegisterLayouts.PMEN.position();

  /** Bits of GSTS that a write of GCMD has to repeat. */
  private static final long LASTING = 0x96FF_FFFFL;

  private static final Field TE = RegisterLayouts.GCMD.field("TE");
  private static final Field PROTECTED = RegisterLayouts.PMEN.field("EPM");
  private static final long PATIENCE_NS = 1_000_000_000;
  private static final Set<String> PERSISTENT = Set.of("TE", "EAFL", "QIE", "IRE", "CFI");

  private final Machine machine;
  private final int number;
  private final RemappingUnit unit;
  private long pendingSinceNs = -1;
  private boolean protectedWhileOn;
  private boolean emptyRoot;

  GlobalWatch(Machine machine, int number) {
    this.machine = machine;
    this.number = number;
    unit = machine.units().get(number);
  }

  @Override
  public void see(Step step) {
    if (step.command() instanceof Command.Reset) {
      pendingSinceNs = -1;
      protectedWhileOn = false;
      emptyRoot = false;
    }
    for (Seen event : step.seen()) {
      if (event instanceof Seen.Write write && write.unit() == number) {
        if (write.offset() == COMMAND) {
          command(step, write);
        } else if (write.offset() == PROTECT) {
          protectedWhileOn =
              PROTECTED.isSet(write.value()) && TE.isSet(write.status()) && !step.byKernel();
        }
      }
    }
    if (protectedWhileOn) {
      raiseProtected(step, 0);
      protectedWhileOn = false;
    }
    faults(step);
    requests(step);
  }

  private long read(int offset) {
    return unit.read(offset, 4);
  }

  // ---- commands --------------------------------------------------------------------------------

  private void command(Step step, Seen.Write write) {
    long differs = (write.value() ^ write.status() & LASTING) & 0xFF80_0000L;
    long dropped = write.status() & LASTING & ~write.value() & 0xFF80_0000L;
    var changed = new ArrayList<String>();
    var lost = new ArrayList<String>();
    for (Field field : RegisterLayouts.GCMD.layout().fields()) {
      if (field.isSet(differs)) {
        changed.add(field.name());
      }
      if (PERSISTENT.contains(field.name()) && field.isSet(dropped)) {
        lost.add(field.name());
      }
    }
    if (changed.size() > 1) {
      Bilingual why =
          lost.isEmpty()
              ? Wording.ANY_ORDER.with()
              : Wording.SWITCHED_OFF.with(String.join(", ", lost));
      step.raise(
          "H37",
          step.number(),
          List.of(Evidence.command(step.number()), Evidence.register("GCMD", COMMAND)),
          List.of(),
          Wording.and(changed),
          why);
    }
    boolean edge = TE.isSet(write.value()) && !TE.isSet(write.status());
    boolean loaded =
        RegisterLayouts.GSTS.field("RTPS").isSet(write.status())
            || RegisterLayouts.GCMD.field("SRTP").isSet(write.value());
    if (edge && !loaded) {
      raiseEmpty(step, Wording.NO_ROOT);
    }
    emptyRoot = edge && loaded && !step.byKernel() && rootIsEmpty();
  }

  private boolean rootIsEmpty() {
    long[] root = machine.memory().frame(unit.latchedRootAddress() >>> 12);
    for (int i = 0; root != null && i < root.length; i++) {
      if ((root[i] & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  private void raiseEmpty(Step step, Wording why) {
    step.raise(
        "H38",
        "root",
        List.of(Evidence.command(step.number()), Evidence.register("GCMD", COMMAND)),
        List.of(
            Remedy.register(
                COMMAND,
                4,
                read(RegisterLayouts.GSTS.position()) & LASTING | 0x4000_0000L,
                number)),
        why.with());
  }

  private void raiseProtected(Step step, long address) {
    step.raise(
        "H36",
        "protected",
        List.of(Evidence.register("PMEN", PROTECT)),
        List.of(Remedy.register(PROTECT, 4, 0, number)),
        Digits.bare(address));
  }

  // ---- faults ----------------------------------------------------------------------------------

  private void faults(Step step) {
    long status = read(STATUS);
    if (RegisterLayouts.FSTS.field("PFO").isSet(status)) {
      raiseFaults(step, Wording.RECORDS_FULL);
    }
    boolean masked = RegisterLayouts.FECTL.field("IM").isSet(read(0x38));
    if (!RegisterLayouts.FSTS.field("PPF").isSet(status)) {
      pendingSinceNs = -1;
    } else if (pendingSinceNs < 0) {
      pendingSinceNs = step.timeNs();
    } else if (!masked && step.timeNs() - pendingSinceNs >= PATIENCE_NS) {
      raiseFaults(step, Wording.RECORD_UNREAD);
    }
  }

  private void raiseFaults(Step step, Wording what) {
    int records = unit.configuration().capabilities().faultRecordOffset();
    step.raise(
        "H35",
        what,
        List.of(Evidence.register("FSTS", STATUS)),
        List.of(
            Remedy.register(records + 12, 4, 0x8000_0000L, number),
            Remedy.register(STATUS, 4, 1, number)),
        what.with());
  }

  private void requests(Step step) {
    for (Seen.Request request : step.requests()) {
      var source = request.access().source();
      if (machine.unit(source).orElse(null) != unit || !request.blocked()) {
        continue;
      }
      FaultReason reason = request.chunk().reason();
      if (emptyRoot) {
        raiseEmpty(step, Wording.EMPTY_ROOT);
      }
      boolean on = TE.isSet(read(RegisterLayouts.GSTS.position()));
      if (PROTECTED.isSet(read(PROTECT)) && on && reason == null) {
        raiseProtected(step, request.address());
      } else if (request.wasHiddenByFpd()) {
        step.raise(
            "H39",
            source,
            List.of(Evidence.command(step.number())),
            List.of(),
            step.name(source),
            Digits.bare(request.address()));
      }
    }
  }

  @Override
  public void atEnd(Step last) {
    boolean on = TE.isSet(read(RegisterLayouts.GSTS.position()));
    if (on && PROTECTED.isSet(read(PROTECT))) {
      raiseProtected(last, 0);
    }
  }
}
