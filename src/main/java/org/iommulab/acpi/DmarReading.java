package org.iommulab.acpi;

import java.util.List;
import java.util.Optional;

/**
 * What came out of reading a DMAR table.
 *
 * @param table the table, with every structure up to the first one that cannot be measured; empty
 *     if the bytes are not a DMAR table at all
 * @param findings what is odd, each one sentence
 */
public record DmarReading(Optional<Dmar> table, List<String> findings) {

  public DmarReading {
    findings = List.copyOf(findings);
  }
}
