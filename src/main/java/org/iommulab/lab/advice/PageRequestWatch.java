package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.DeviceCommand;
import org.iommulab.lab.machine.Machine;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.PasidNode;

/** Page requests of one unit's devices: H31 to H34. */
final class PageRequestWatch implements Watcher {

  private static final long PATIENCE_NS = 1_000_000_000;

  private record Group(int source, int group) {}

  private record Asked(Pasid pasid, int step, long timeNs) {}

  private final Machine machine;
  private final int number;
  private final RemappingUnit unit;
  private final Map<Group, Asked> open = new HashMap<>();
  private final List<Pasid> tornDown = new ArrayList<>();
  private Map<Long, PasidNode> pasids = Map.of();
  private int overflowAt = -1;
  private int turnedAway;
  private boolean everAsked;

  PageRequestWatch(Machine machine, int number) {
    this.machine = machine;
    this.number = number;
    unit = machine.units().get(number);
  }

  @Override
  public void see(Step step) {
    if (step.command() instanceof Command.Reset) {
      open.clear();
      overflowAt = -1;
      tornDown.clear();
    }
    if (step.command() instanceof DeviceCommand.PageRequest asked) {
      asked(step, asked);
    }
    if (everAsked) {
      teardown(step);
    }
    for (Seen event : step.seen()) {
      if (event instanceof Seen.Descriptor seen && seen.unit() == number && seen.error() == 0) {
        fetched(step, seen);
      }
    }
    overflow(step);
    patience(step, PATIENCE_NS);
  }

  private void asked(Step step, DeviceCommand.PageRequest asked) {
    SourceId source = step.device(asked.rid()).map(device -> device.source()).orElse(null);
    if (source == null || machine.unit(source).orElse(null) != unit) {
      return;
    }
    if (!everAsked) {
      everAsked = true;
      pasids = present();
    }
    String st = String.valueOf(step.result().fields().get("st"));
    if (st.equals("overflow")) {
      turnedAway++;
    } else if (st.equals("queued") && asked.last()) {
      Pasid pasid = asked.prefix().pasid();
      var group = new Group(source.value(), asked.group());
      open.put(group, new Asked(pasid, step.number(), step.timeNs()));
    }
  }

  private Map<Long, PasidNode> present() {
    var present = new HashMap<Long, PasidNode>();
    for (PasidNode node : new Shadow(unit, machine.memory()).browser().pasids()) {
      if (node.present()) {
        present.put(node.address(), node);
      }
    }
    return present;
  }

  private void teardown(Step step) {
    boolean touched = false;
    for (PhysicalMemory.Change change : step.changes()) {
      PasidNode node = pasids.get(change.address());
      touched |= pasids.containsKey(change.address() & -64L);
      if (node == null || PasidEntry.P.isSet(change.after())) {
        continue;
      }
      for (Map.Entry<Group, Asked> asked : open.entrySet()) {
        if (asked.getKey().source() == node.source().value()
            && asked.getValue().pasid().equals(node.pasid())
            && !tornDown.contains(node.pasid())) {
          tornDown.add(node.pasid());
        }
      }
    }
    boolean tables = step.byKernel() && !step.changes().isEmpty();
    if (touched || tables) {
      pasids = present();
    }
  }

  private void fetched(Step step, Seen.Descriptor seen) {
    Descriptor d = Descriptor.of(seen);
    if (d == null) {
      return;
    }
    if (d.type() == InvalidationDescriptor.PAGE_GROUP_RESPONSE) {
      var group = new Group(d.responder(), d.group());
      if (open.remove(group) == null && everAsked && overflowAt < 0 && !step.byKernel()) {
        step.raise(
            "H32",
            group,
            List.of(Evidence.descriptor(d.address())),
            List.of(),
            d.group(),
            step.name(new SourceId(d.responder())));
      }
    } else if (d.type() == InvalidationDescriptor.WAIT && !tornDown.isEmpty()) {
      boolean drains = unit.configuration().capabilities().has(ExtendedCapabilityLayout.PDS);
      if (!d.drainsPageRequests() && drains || !drains) {
        for (Pasid pasid : tornDown) {
          open.forEach(
              (group, asked) -> {
                if (asked.pasid().equals(pasid)) {
                  step.raise(
                      "H34",
                      group,
                      List.of(Evidence.command(asked.step()), Evidence.descriptor(d.address())),
                      List.of(),
                      pasid.value(),
                      step.name(new SourceId(group.source())));
                }
              });
        }
      }
      tornDown.clear();
    }
  }

  private void overflow(Step step) {
    boolean lost = RegisterLayouts.PRS.field("PRO").isSet(status());
    if (!lost) {
      overflowAt = -1;
      turnedAway = 0;
    } else if (overflowAt < 0) {
      overflowAt = step.number();
    } else if (turnedAway > 1) {
      raiseOverflow(step);
    }
  }

  private void raiseOverflow(Step step) {
    step.raise(
        "H33",
        overflowAt,
        List.of(Evidence.command(overflowAt), Evidence.register("PRS", 0xDC)),
        List.of(
            Remedy.register(
                RegisterLayouts.PQH.position(),
                8,
                unit.read(RegisterLayouts.PQT.position(), 8),
                number),
            Remedy.register(RegisterLayouts.PRS.position(), 4, 2, number)),
        overflowAt,
        turnedAway);
  }

  private long status() {
    return unit.read(RegisterLayouts.PRS.position(), 4);
  }

  /** Requests that software has taken and not answered. */
  private void patience(Step step, long ns) {
    boolean taken =
        unit.read(RegisterLayouts.PQH.position(), 8)
            == unit.read(RegisterLayouts.PQT.position(), 8);
    if (!taken || open.isEmpty()) {
      return;
    }
    open.forEach(
        (group, asked) -> {
          long waited = step.timeNs() - asked.timeNs();
          if (waited >= ns) {
            long low =
                9L | 1L << 4 | (long) group.source() << 16 | (long) asked.pasid().value() << 32;
            step.raise(
                "H31",
                group,
                List.of(Evidence.command(asked.step())),
                Remedy.queue(step.rig(), number, low, (long) group.group() << 3),
                step.name(new SourceId(group.source())),
                group.group(),
                waited / 1_000_000);
          }
        });
  }

  @Override
  public void atEnd(Step last) {
    patience(last, 0);
    if (overflowAt >= 0) {
      raiseOverflow(last);
    }
  }
}
