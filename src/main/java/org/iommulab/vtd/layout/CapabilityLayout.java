package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.ignored;
import static org.iommulab.bits.Field.number;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;

/** The CAP register: what translation and invalidation can do. Source: vtd.md 1.3. */
public final class CapabilityLayout {

  public static final Field ND =
      number("ND", 2, 0, "domain ids: 2^(4 + 2*ND)").measured(Measure.DOMAINS);
  public static final Field AFL = flag("AFL", 3, "advanced fault logging");
  public static final Field RWBF = flag("RWBF", 4, "write buffer must be flushed by software");
  public static final Field PLMR = flag("PLMR", 5, "protected low memory region");
  public static final Field PHMR = flag("PHMR", 6, "protected high memory region");
  public static final Field CM = flag("CM", 7, "caching mode: not-present entries may be cached");
  public static final Field SAGAW =
      number("SAGAW", 12, 8, "second-stage depths")
          .measured(Measure.SET)
          .value(0, "none")
          .value(1, "30 bits, 2 levels")
          .value(2, "39 bits, 3 levels")
          .value(4, "48 bits, 4 levels")
          .value(8, "57 bits, 5 levels")
          .value(16, "64 bits, 6 levels");
  public static final Field MGAW =
      number("MGAW", 21, 16, "guest address width - 1").measured(Measure.BITS_LESS_ONE);
  public static final Field ZLR = flag("ZLR", 22, "zero-length read of a write-only page works");
  public static final Field FRO =
      number("FRO", 33, 24, "fault-record offset / 16").measured(Measure.OFFSET_16);
  public static final Field SSLPS =
      number("SSLPS", 37, 34, "large second-stage pages")
          .measured(Measure.SET)
          .value(0, "none")
          .value(1, "2 MiB")
          .value(2, "1 GiB");
  public static final Field PSI = flag("PSI", 39, "page-selective IOTLB invalidation");
  public static final Field NFR =
      number("NFR", 47, 40, "fault records - 1").measured(Measure.REGISTERS_LESS_ONE);
  public static final Field MAMV =
      number("MAMV", 53, 48, "largest address mask of an invalidation").measured(Measure.PAGES);
  public static final Field DWD = flag("DWD", 54, "drains writes on invalidation");
  public static final Field DRD = flag("DRD", 55, "drains reads on invalidation");
  public static final Field FS1GP = flag("FS1GP", 56, "1 GiB first-stage pages");
  public static final Field PI = flag("PI", 59, "posted interrupts");
  public static final Field FS5LP = flag("FS5LP", 60, "5-level first stage");
  public static final Field ECMDS = flag("ECMDS", 61, "enhanced command interface");
  public static final Field ESIRTPS = flag("ESIRTPS", 62, "SIRTP invalidates interrupt entries");
  public static final Field ESRTPS = flag("ESRTPS", 63, "SRTP invalidates translation caches");

  /** The whole register. */
  public static final Layout LAYOUT =
      Layout.of(
          "CAP",
          64,
          "1.3",
          ND,
          AFL,
          RWBF,
          PLMR,
          PHMR,
          CM,
          SAGAW,
          MGAW,
          ZLR,
          ignored(23, 23),
          FRO,
          SSLPS,
          PSI,
          NFR,
          MAMV,
          DWD,
          DRD,
          FS1GP,
          PI,
          FS5LP,
          ECMDS,
          ESIRTPS,
          ESRTPS);

  private CapabilityLayout() {}
}
