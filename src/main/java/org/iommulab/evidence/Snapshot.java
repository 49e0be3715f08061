package org.iommulab.evidence;

import java.util.List;
import java.util.Optional;
import org.iommulab.acpi.AcpiTables;
import org.iommulab.acpi.Dmar;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;
import org.jspecify.annotations.Nullable;

/**
 * One moment of a real machine: its memory as far as the dump holds it, and one unit's registers.
 *
 * @param source where it came from, for a person
 * @param memory the pages of the dump; the files lie underneath and are never written
 * @param registers of the unit
 * @param registerBase physical address of the registers, or empty if the dump does not say
 * @param acpi tables found through the root pointer
 * @param dmar the DMAR table
 * @param ramBytes size of the RAM from address 0 if the dump is complete, otherwise empty
 * @param variant name of the folder around a {@code snap-...} folder, or null
 * @param name what follows {@code snap-} in the folder's name, or null
 * @param warnings what was odd while opening, each one sentence
 */
public record Snapshot(
    String source,
    PhysicalMemory memory,
    RegisterValues registers,
    Optional<Long> registerBase,
    Optional<AcpiTables> acpi,
    Optional<Dmar> dmar,
    Optional<Long> ramBytes,
    @Nullable String variant,
    @Nullable String name,
    List<String> warnings)
    implements Evidence {

  public Snapshot {
    warnings = List.copyOf(warnings);
  }

  /** The structures in it. */
  public TableBrowser tables() {
    return new TableBrowser(memory, registers);
  }

  /** What a laboratory needs to go on from here. */
  public ForkPlan fork() {
    return ForkPlan.of(this);
  }
}
