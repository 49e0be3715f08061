package org.iommulab.lab.run;

import java.util.List;
import org.iommulab.vtd.request.UnitCounters;

/**
 * What the units had counted after a command.
 *
 * @param command number of the command in the journal, from 0
 * @param timeNs virtual time in nanoseconds since power-on
 * @param units one line of counters per unit
 */
public record UsageSample(int command, long timeNs, List<UnitCounters> units) {

  public UsageSample {
    units = List.copyOf(units);
  }
}
