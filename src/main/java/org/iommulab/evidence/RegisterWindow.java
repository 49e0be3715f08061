package org.iommulab.evidence;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.iommulab.bits.Field;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;

/** A register window put together from what is known of a unit. */
final class RegisterWindow {

  private static final long VERSION = 0x10;
  private static final long MOST_DOMAINS = 6;
  private static final long FAULTS_AT = 0x220 / 16;
  private static final long INVALIDATION_AT = 0xF0 / 16;

  private final ByteBuffer window =
      ByteBuffer.allocate(RegisterValues.WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** A unit that translates by this root table. */
  static RegisterWindow of(long root, boolean scalable) {
    long mode = RegisterLayouts.RTADDR.field("TTM").with(root, scalable ? 1 : 0);
    return new RegisterWindow()
        .put(RegisterLayouts.VER, VERSION)
        .put(RegisterLayouts.RTADDR, mode)
        .put(RegisterLayouts.FECTL, RegisterLayouts.FECTL.field("IM").mask())
        .put(RegisterLayouts.IECTL, RegisterLayouts.IECTL.field("IM").mask())
        .status("TES", "RTPS");
  }

  /** Sets a register of the unit's first page. */
  RegisterWindow put(Register register, long value) {
    if (register.bytes() == 4) {
      window.putInt(register.offset(0, 0), (int) value);
    } else {
      window.putLong(register.offset(0, 0), value);
    }
    return this;
  }

  /** Sets bits of GSTS. */
  RegisterWindow status(String... fields) {
    int at = RegisterLayouts.GSTS.offset(0, 0);
    int value = window.getInt(at);
    for (String field : fields) {
      value |= (int) RegisterLayouts.GSTS.field(field).mask();
    }
    window.putInt(at, value);
    return this;
  }

  RegisterValues values() {
    return RegisterValues.of(window.array());
  }

  /**
   * Capabilities of the weakest unit on which these tables would do what they say, so that a fork
   * can go on with them.
   */
  RegisterWindow withCapabilitiesFor(TableBrowser tables) {
    long widths = 0;
    long ecap = set(0, ExtendedCapabilityLayout.QI, ExtendedCapabilityLayout.C);
    for (ContextNode context : tables.contexts()) {
      switch (context) {
        case ContextNode.Legacy legacy -> {
          widths |= width(legacy.addressWidth());
          ecap |= legacy(legacy.translationType());
        }
        case ContextNode.Scalable scalable -> {
          ecap = set(ecap, ExtendedCapabilityLayout.SMTS, ExtendedCapabilityLayout.RPS);
          ecap = scalable.deviceTlb() ? set(ecap, ExtendedCapabilityLayout.DT) : ecap;
          ecap = scalable.pageRequests() ? set(ecap, ExtendedCapabilityLayout.PRS) : ecap;
          if (scalable.pasidEnabled()) {
            ecap = ExtendedCapabilityLayout.PSS.with(ecap, 19);
            ecap = set(ecap, ExtendedCapabilityLayout.PASID);
          }
        }
      }
    }
    boolean fiveLevels = false;
    for (PasidNode pasid : tables.pasids()) {
      widths |= pasid.secondStage().isPresent() ? width(pasid.addressWidth()) : 0;
      fiveLevels |= pasid.firstStage().isPresent() && pasid.firstStageMode() == 1;
      ecap |= scalable(pasid.translationType());
    }
    widths = widths == 0 ? width(2) : widths;
    long widest = 63 - Long.numberOfLeadingZeros(widths);
    long cap = CapabilityLayout.ND.with(0, MOST_DOMAINS);
    cap = CapabilityLayout.SAGAW.with(cap, widths);
    cap = CapabilityLayout.MGAW.with(cap, 30 + 9 * widest - 1);
    cap = CapabilityLayout.SSLPS.with(cap, 3);
    cap = CapabilityLayout.FRO.with(cap, FAULTS_AT);
    cap = set(cap, CapabilityLayout.PSI, CapabilityLayout.FS1GP);
    cap = fiveLevels ? set(cap, CapabilityLayout.FS5LP) : cap;
    ecap = ExtendedCapabilityLayout.IRO.with(ecap, INVALIDATION_AT);
    ecap = tables.interruptTable().isPresent() ? set(ecap, ExtendedCapabilityLayout.IR) : ecap;
    return put(RegisterLayouts.CAP, cap).put(RegisterLayouts.ECAP, ecap);
  }

  private static long width(int code) {
    return code >= 1 && code <= 3 ? 1L << code : 0;
  }

  private static long set(long value, Field... flags) {
    long result = value;
    for (Field flag : flags) {
      result |= flag.mask();
    }
    return result;
  }

  private static long legacy(int type) {
    return switch (type) {
      case ContextEntry.TRANSLATE_WITH_DEVICE_TLB -> ExtendedCapabilityLayout.DT.mask();
      case ContextEntry.PASS_THROUGH -> ExtendedCapabilityLayout.PT.mask();
      default -> 0;
    };
  }

  private static long scalable(int type) {
    return switch (type) {
      case PasidEntry.FIRST_STAGE -> ExtendedCapabilityLayout.FSTS.mask();
      case PasidEntry.SECOND_STAGE -> ExtendedCapabilityLayout.SSTS.mask();
      case PasidEntry.NESTED ->
          set(
              0,
              ExtendedCapabilityLayout.NEST,
              ExtendedCapabilityLayout.FSTS,
              ExtendedCapabilityLayout.SSTS);
      case PasidEntry.PASS_THROUGH -> ExtendedCapabilityLayout.PT.mask();
      default -> 0;
    };
  }
}
