package org.iommulab.lab.advice;

import java.util.HashMap;
import org.iommulab.bits.Field;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.DeviceCommand;
import org.iommulab.lab.machine.Machine;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * Tables and the caches in front of them: follows stores, invalidations and requests of one unit,
 * and lets the rules look at them (H01 to H23, H40 to H47). What a kernel function does is judged
 * by what devices then meet, not inside the function.
 */
final class TableWatch implements Watcher {

  private static final Field TE = RegisterLayouts.GSTS.field("TES");
  private static final int MOST_LEAVES = 1_000_000;

  private final Machine machine;
  private final int number;
  private final RemappingUnit unit;
  private final Shadow shadow;
  private final InvalidationRules invalidations = new InvalidationRules();
  private final Ledger ledger;
  private final StaleRules stale;
  private final AbsentRules absent;
  private final EntryCheck check;
  private final OwnTableRule ownTables;
  private final TableChanges changes;
  private final RootChange roots;
  private final RegisterCommand commands;
  private long knownRoot = -1;
  private boolean translating;
  private boolean built;

  TableWatch(Machine machine, int number) {
    this.machine = machine;
    this.number = number;
    unit = machine.units().get(number);
    Capabilities caps = unit.configuration().capabilities();
    var waits = new WaitRules(number);
    shadow = new Shadow(unit, machine.memory());
    ledger = new Ledger(shadow, invalidations, waits);
    stale = new StaleRules(number, unit, ledger, waits);
    absent = new AbsentRules(number, unit, ledger);
    check = new EntryCheck(unit);
    ownTables = new OwnTableRule(unit, shadow);
    changes =
        new TableChanges(
            machine,
            caps,
            shadow,
            ledger,
            invalidations,
            new LiveEntryRules(number, shadow),
            check,
            ownTables,
            new ReuseRules(number, ledger, stale));
    roots = new RootChange(number, unit);
    commands = new RegisterCommand(unit);
  }

  @Override
  public void see(Step step) {
    if (step.command() instanceof Command.Reset) {
      ledger.clear();
      roots.clear();
      translating = false;
    }
    if (step.command() instanceof Command.MemFlush flush) {
      invalidations.flushed(flush.addr(), flush.len());
    }
    boolean structure = changes.read(step, translating);
    events(step);
    ledger.complete(step);
    boolean on = TE.isSet(unit.read(RegisterLayouts.GSTS.position(), 4));
    long root = unit.latchedRootAddress();
    if (structure || root != knownRoot || on && !translating || !built) {
      knownRoot = root;
      built = true;
      rebuild(step, on);
    }
    translating = on;
    requests(step);
  }

  /** A leaf that devices may write through. */
  private record Leaf(long iova, int domain, long reach) {}

  private void rebuild(Step step, boolean on) {
    var writable = new HashMap<Long, Leaf>();
    shadow.rebuild(
        (place, address, value, leaf) -> {
          if (on) {
            check.paging(step, place, address, value, leaf);
          }
          if (leaf && OwnTableRule.concerns(place, value) && writable.size() < MOST_LEAVES) {
            writable.put(address, new Leaf(place.iova(address), place.domain(), place.reach()));
          }
        });
    if (!on) {
      return;
    }
    shadow.bindings().forEach(b -> check.binding(step, b));
    DomainNumberRules.judge(step, shadow.bindings());
    writable.forEach(
        (address, leaf) -> {
          long value = machine.memory().readQword(address);
          ownTables.judge(step, address, value, leaf.iova(), leaf.domain(), leaf.reach());
        });
  }

  // ---- events ----------------------------------------------------------------------------------

  private void events(Step step) {
    for (Seen event : step.seen()) {
      switch (event) {
        case Seen.Descriptor seen when seen.unit() == number && seen.error() == 0 -> {
          Descriptor descriptor = Descriptor.of(seen);
          if (descriptor != null) {
            ledger.invalidated(step, descriptor);
            roots.invalidated(descriptor);
          }
        }
        case Seen.Write write when write.unit() == number -> {
          roots.written(step, write);
          Descriptor same = commands.of(write);
          if (same != null) {
            ledger.invalidatedByRegister(step, same);
            roots.invalidated(same);
          }
          if (write.offset() == RegisterLayouts.GCMD.position()
              && RegisterLayouts.GCMD.field("WBF").isSet(write.value())) {
            ledger.drainedBuffer();
          }
        }
        default -> {}
      }
    }
  }

  private void requests(Step step) {
    boolean ahead = step.command() instanceof DeviceCommand;
    for (Seen.Request request : step.requests()) {
      SourceId source = request.access().source();
      if (machine.unit(source).orElse(null) != unit || !translating) {
        continue;
      }
      if (request.access().type() == DmaAccess.AddressType.TRANSLATED) {
        continue;
      }
      int pasid = request.access().pasid().value();
      int domain =
          shadow.binding(source.value(), Math.max(pasid, 0)).map(Bindings::domain).orElse(-1);
      if (request.arrived()) {
        if (!exposed(step, request)) {
          stale.served(step, request, domain);
        }
        if (ahead) {
          stale.translatedAhead(step, request);
        }
        roots.served(step, request);
      } else if (request.blocked()) {
        absent.refused(step, request, domain);
        check.refused(step, request);
      }
    }
  }

  /** In lazy mode an unmapped range stays reachable on purpose for a while. */
  private static boolean exposed(Step step, Seen.Request request) {
    return step.kernel()
        .map(
            kernel ->
                kernel.dma().exposed().stream()
                    .anyMatch(
                        range ->
                            request.address() >= range.iova()
                                && request.address() - range.iova() < range.size()))
        .orElse(false);
  }

  @Override
  public void atEnd(Step last) {
    if (translating) {
      stale.atEnd(last);
      absent.atEnd(last);
    }
    roots.atEnd(last);
  }
}
