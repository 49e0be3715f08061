package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.ignored;
import static org.iommulab.bits.Field.number;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;

/** The ECAP register: extended capabilities. Source: vtd.md 1.3. */
public final class ExtendedCapabilityLayout {

  public static final Field C = flag("C", 0, "table walks snoop processor caches");
  public static final Field QI = flag("QI", 1, "queued invalidation");
  public static final Field DT = flag("DT", 2, "device-TLB");
  public static final Field IR = flag("IR", 3, "interrupt remapping");
  public static final Field EIM = flag("EIM", 4, "32-bit APIC ids");
  public static final Field PT = flag("PT", 6, "pass-through");
  public static final Field SC = flag("SC", 7, "snoop control");
  public static final Field IRO =
      number("IRO", 17, 8, "IVA and IOTLB offset / 16").measured(Measure.OFFSET_16);
  public static final Field MHMV =
      number("MHMV", 23, 20, "largest interrupt-index mask").measured(Measure.ENTRIES);
  public static final Field MTS = flag("MTS", 25, "memory types");
  public static final Field NEST = flag("NEST", 26, "nested translation");
  public static final Field PRS = flag("PRS", 29, "page requests");
  public static final Field ERS = flag("ERS", 30, "execute requests");
  public static final Field SRS = flag("SRS", 31, "supervisor requests");
  public static final Field NWFS = flag("NWFS", 33, "no-write flag of translation requests");
  public static final Field EAFS = flag("EAFS", 34, "extended-accessed flag");
  public static final Field PSS =
      number("PSS", 39, 35, "PASID width - 1").measured(Measure.BITS_LESS_ONE);
  public static final Field PASID = flag("PASID", 40, "requests with PASID");
  public static final Field DIT = flag("DIT", 41, "device-TLB invalidation throttle");
  public static final Field PDS = flag("PDS", 42, "page-request drain");
  public static final Field SMTS = flag("SMTS", 43, "scalable mode");
  public static final Field VCS = flag("VCS", 44, "virtual commands");
  public static final Field SSADS = flag("SSADS", 45, "second-stage accessed and dirty bits");
  public static final Field SSTS = flag("SSTS", 46, "second stage in scalable mode");
  public static final Field FSTS = flag("FSTS", 47, "first stage in scalable mode");
  public static final Field SMPWCS = flag("SMPWCS", 48, "scalable walks can snoop");
  public static final Field RPS = flag("RPS", 49, "RID_PASID field");
  public static final Field PMS = flag("PMS", 51, "performance monitoring");
  public static final Field ADMS = flag("ADMS", 52, "abort-DMA mode");
  public static final Field RPRIVS = flag("RPRIVS", 53, "RID_PRIV field");

  /** The whole register. Old and unassigned bits are ignored. */
  public static final Layout LAYOUT =
      Layout.of(
          "ECAP",
          64,
          "1.3",
          C,
          QI,
          DT,
          IR,
          EIM,
          ignored(5, 5),
          PT,
          SC,
          IRO,
          MHMV,
          ignored(24, 24),
          MTS,
          NEST,
          ignored(28, 27),
          PRS,
          ERS,
          SRS,
          ignored(32, 32),
          NWFS,
          EAFS,
          PSS,
          PASID,
          DIT,
          PDS,
          SMTS,
          VCS,
          SSADS,
          SSTS,
          FSTS,
          SMPWCS,
          RPS,
          PMS,
          ADMS,
          RPRIVS);

  private ExtendedCapabilityLayout() {}
}
