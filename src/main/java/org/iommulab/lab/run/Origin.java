package org.iommulab.lab.run;

import java.util.ArrayList;
import java.util.Map;
import org.iommulab.bus.PciDevice;
import org.iommulab.evidence.ForkPlan;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.lab.run.keys.MachineKeys;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.UnitConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Where a session starts: the default machine, or a dump of a real one.
 *
 * @param profile profile of units for which a machine line names none
 * @param evidence the dump, or null
 */
public record Origin(String profile, @Nullable Snapshot evidence) {

  /** The machine before the first command. */
  public Machine machine() throws Complaint {
    return evidence == null ? new Machine(MachineKeys.byDefault(profile)) : forked(evidence);
  }

  /** The machine of a machine line. */
  public Machine machine(Map<String, Object> keys) throws Complaint {
    return new Machine(MachineKeys.read(keys, profile));
  }

  /** A machine that goes on where the dump ends; the dump stays as it is underneath. */
  private Machine forked(Snapshot snapshot) throws Complaint {
    ForkPlan plan = ForkPlan.of(snapshot);
    var placements = new ArrayList<MachineSpec.UnitPlacement>();
    for (ForkPlan.Unit unit : plan.units()) {
      placements.add(
          new MachineSpec.UnitPlacement(
              configuration(unit, hostAddressWidth(snapshot)),
              unit.base(),
              unit.segment(),
              unit.scopes()));
    }
    var spec =
        new MachineSpec(
            plan.memory().ram(),
            placements,
            plan.devices().stream().map(PciDevice::engine).toList());
    var machine = new Machine(spec, plan.memory());
    for (int index = 0; index < plan.units().size(); index++) {
      for (ForkPlan.Write write : plan.units().get(index).writes()) {
        machine.units().get(index).write(write.offset(), write.size(), write.value());
      }
    }
    return machine;
  }

  private UnitConfiguration configuration(ForkPlan.Unit unit, int hostAddressWidth)
      throws Complaint {
    return Profiles.named(profile)
        .orElseThrow(
            () -> new Complaint("there is no profile \"%s\"", "没有名为 \"%s\" 的机型配置", profile))
        .withCapabilities(
            new Capabilities(unit.cap(), unit.ecap(), unit.version(), hostAddressWidth));
  }

  private static int hostAddressWidth(Snapshot snapshot) {
    int width = snapshot.dmar().map(dmar -> dmar.hostAddressWidth()).orElse(46);
    return Math.clamp(width, 32, 52);
  }
}
