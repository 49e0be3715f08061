package org.iommulab.vtd.tables;

import java.util.Optional;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.PasidEntry;

/**
 * A PASID-table entry that is not all zero.
 *
 * @param source the requester whose directory it was found in
 * @param pasid its number
 * @param address physical address of the entry
 * @param quadwords eight quadwords
 */
public record PasidNode(SourceId source, Pasid pasid, long address, long[] quadwords) {

  public boolean present() {
    return PasidEntry.P.isSet(quadwords[0]);
  }

  public boolean faultsDisabled() {
    return PasidEntry.FPD.isSet(quadwords[0]);
  }

  public int addressWidth() {
    return (int) PasidEntry.AW.get(quadwords);
  }

  public int levels() {
    return addressWidth() + 2;
  }

  /** 1 first stage, 2 second stage, 3 nested, 4 pass-through. */
  public int translationType() {
    return (int) PasidEntry.PGTT.get(quadwords);
  }

  /** Both stages; the first one holds guest addresses. */
  public boolean isNested() {
    return translationType() == PasidEntry.NESTED;
  }

  public int domainId() {
    return (int) PasidEntry.DID.get(quadwords);
  }

  public long secondStagePointer() {
    return PasidEntry.SSPTPTR.get(quadwords);
  }

  public long firstStagePointer() {
    return PasidEntry.FSPTPTR.get(quadwords);
  }

  /** First-stage paging mode: 0 is 4 levels, 1 is 5 levels. */
  public int firstStageMode() {
    return (int) PasidEntry.FSPM.get(quadwords);
  }

  /** The second-stage tree, if its type uses one. */
  public Optional<TableKey> secondStage() {
    boolean uses = translationType() == PasidEntry.SECOND_STAGE || isNested();
    boolean knownWidth = addressWidth() >= 1 && addressWidth() <= 3;
    return present() && uses && knownWidth
        ? Optional.of(new TableKey(TableKey.Stage.SECOND, secondStagePointer(), levels()))
        : Optional.empty();
  }

  /** The first-stage tree, if its type uses one. Nested ones hold guest addresses. */
  public Optional<TableKey> firstStage() {
    boolean uses = translationType() == PasidEntry.FIRST_STAGE || isNested();
    return present() && uses && firstStageMode() < 2
        ? Optional.of(new TableKey(TableKey.Stage.FIRST, firstStagePointer(), 4 + firstStageMode()))
        : Optional.empty();
  }
}
