package org.iommulab.vtd.invalidation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.AtsEndpoint;
import org.iommulab.bus.ats.AtsEndpoints;
import org.iommulab.bus.ats.PageGroupResponse;
import org.iommulab.bus.ats.PageRange;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.InvalidationDescriptor;

/** Checks and carries out single descriptors of the invalidation queue. Source: vtd.md 7.2. */
final class Descriptors {

  private static final Field CONTEXT_G = InvalidationDescriptor.CONTEXT_CACHE.field("G");
  private static final Field DOMAIN = InvalidationDescriptor.CONTEXT_CACHE.field("DID");
  private static final Field CONTEXT_SID = InvalidationDescriptor.CONTEXT_CACHE.field("SID");
  private static final Field CONTEXT_FM = InvalidationDescriptor.CONTEXT_CACHE.field("FM");
  private static final Field AM = InvalidationDescriptor.IOTLB.field("AM");
  private static final Field IH = InvalidationDescriptor.IOTLB.field("IH");
  private static final Field ADDR = InvalidationDescriptor.IOTLB.field("ADDR");
  private static final Field PASID = InvalidationDescriptor.PASID_IOTLB.field("PASID");
  private static final Field DEVICE_SID = InvalidationDescriptor.DEVICE_TLB.field("SID");
  private static final Field DEVICE_S = InvalidationDescriptor.DEVICE_TLB.field("S");
  private static final Field PASID_DEVICE_SID =
      InvalidationDescriptor.PASID_DEVICE_TLB.field("SID");
  private static final Field PASID_DEVICE_G = InvalidationDescriptor.PASID_DEVICE_TLB.field("G");
  private static final Field PASID_DEVICE_S = InvalidationDescriptor.PASID_DEVICE_TLB.field("S");
  private static final Field RESPONSE_PP = InvalidationDescriptor.PAGE_GROUP_RESPONSE.field("PP");
  private static final Field RESPONSE_CODE = InvalidationDescriptor.PAGE_GROUP_RESPONSE.field("RC");
  private static final Field RESPONSE_RID = InvalidationDescriptor.PAGE_GROUP_RESPONSE.field("RID");
  private static final Field RESPONSE_GROUP =
      InvalidationDescriptor.PAGE_GROUP_RESPONSE.field("PRGI");
  private static final Field IEC_G = InvalidationDescriptor.INTERRUPT_ENTRY.field("G");
  private static final Field IEC_MASK = InvalidationDescriptor.INTERRUPT_ENTRY.field("IM");
  private static final Field IEC_INDEX = InvalidationDescriptor.INTERRUPT_ENTRY.field("IIDX");
  private static final Field WAIT_IF = InvalidationDescriptor.WAIT.field("IF");
  private static final Field WAIT_SW = InvalidationDescriptor.WAIT.field("SW");
  private static final Field WAIT_FN = InvalidationDescriptor.WAIT.field("FN");

  /** Reserved bits that the loose checker looks at, per type; see the quirk. */
  private static final Map<InvalidationDescriptor, long[]> LOOSE =
      Map.of(
          InvalidationDescriptor.CONTEXT_CACHE, new long[] {0xFFFC_0000_0000_FFC0L, -1L},
          InvalidationDescriptor.IOTLB, new long[] {0xFFFF_FFFF_0000_FF00L, 0xF80L},
          InvalidationDescriptor.DEVICE_TLB, new long[] {0xFFFF_0000_FFE0_FFF8L, 0xFFEL},
          InvalidationDescriptor.WAIT, new long[] {0xFFFF_FF80L, 3L});

  /** Reserved bits that the checker without capabilities leaves alone, per type; see the quirk. */
  private static final Map<InvalidationDescriptor, long[]> LEFT_ALONE =
      Map.of(
          InvalidationDescriptor.DEVICE_TLB,
          new long[] {InvalidationDescriptor.DEVICE_TLB.field("MIP").mask(), 0},
          InvalidationDescriptor.PASID_DEVICE_TLB,
          new long[] {InvalidationDescriptor.PASID_DEVICE_TLB.field("MIP").mask(), 0},
          InvalidationDescriptor.PAGE_GROUP_RESPONSE,
          new long[] {0, 4});

  private final CacheInvalidation invalidation;
  private final WaitCompletion waits;
  private final OutstandingInvalidations outstanding;
  private final AtsEndpoints endpoints;
  private final Capabilities capabilities;
  private final boolean selectsPages;
  private final boolean loose;
  private final boolean plain;
  private final Map<InvalidationDescriptor, long[]> reserved =
      new EnumMap<>(InvalidationDescriptor.class);

  Descriptors(
      UnitConfiguration configuration,
      CacheInvalidation invalidation,
      WaitCompletion waits,
      OutstandingInvalidations outstanding,
      AtsEndpoints endpoints) {
    this.invalidation = invalidation;
    this.waits = waits;
    this.outstanding = outstanding;
    this.endpoints = endpoints;
    capabilities = configuration.capabilities();
    selectsPages = capabilities.has(CapabilityLayout.PSI);
    loose = configuration.has(Quirk.DESCRIPTORS_LOOSELY_CHECKED);
    plain = configuration.has(Quirk.DESCRIPTORS_NEED_NO_CAPABILITY);
    Set<String> features = capabilities.features();
    for (InvalidationDescriptor type : InvalidationDescriptor.values()) {
      long[] strict = {
        type.layout().reservedMask(0, features), type.layout().reservedMask(1, features)
      };
      if (plain) {
        long[] left = LEFT_ALONE.getOrDefault(type, new long[2]);
        strict[0] &= ~left[0];
        strict[1] &= ~left[1];
      }
      reserved.put(type, loose ? LOOSE.getOrDefault(type, new long[2]) : strict);
    }
  }

  /** Carries out one descriptor; zero, or the error number of IQERCD. */
  int execute(long[] descriptor, boolean wide) {
    InvalidationDescriptor type = InvalidationDescriptor.of(typeWord(descriptor[0]));
    if (type == null || !exists(type, wide)) {
      return InvalidationQueue.INVALID_TYPE;
    }
    long[] mask = reserved.get(type);
    if (mask == null
        || (descriptor[0] & mask[0]) != 0
        || (descriptor[1] & mask[1]) != 0
        || (checksUpperHalf(type) && (descriptor[2] | descriptor[3]) != 0)) {
      return InvalidationQueue.RESERVED_FIELD;
    }
    return switch (type) {
      case CONTEXT_CACHE -> contexts(descriptor[0]);
      case IOTLB -> translations(descriptor[0], descriptor[1]);
      case DEVICE_TLB -> deviceTlb(descriptor[0], descriptor[1]);
      case PASID_DEVICE_TLB -> pasidDeviceTlb(descriptor[0], descriptor[1]);
      case PAGE_GROUP_RESPONSE -> pageGroupResponse(descriptor[0], descriptor[1]);
      case INTERRUPT_ENTRY -> interrupts(descriptor[0]);
      case WAIT -> await(descriptor[0], descriptor[1]);
      case PASID_IOTLB -> loose ? 0 : pasidTranslations(descriptor[0], descriptor[1]);
      case PASID_CACHE -> loose ? 0 : pasids(descriptor[0]);
    };
  }

  private boolean checksUpperHalf(InvalidationDescriptor type) {
    return !loose && !(plain && type == InvalidationDescriptor.PAGE_GROUP_RESPONSE);
  }

  /** The loose checker takes the low four bits for the whole type. */
  private long typeWord(long word) {
    return loose ? InvalidationDescriptor.TYPE.get(word) : word;
  }

  private boolean exists(InvalidationDescriptor type, boolean wide) {
    if (loose) {
      return type != InvalidationDescriptor.PASID_DEVICE_TLB
          && type != InvalidationDescriptor.PAGE_GROUP_RESPONSE;
    }
    if (plain) {
      return switch (type) {
        case PASID_IOTLB, PASID_CACHE, PASID_DEVICE_TLB -> wide;
        case CONTEXT_CACHE, IOTLB, DEVICE_TLB, INTERRUPT_ENTRY, WAIT, PAGE_GROUP_RESPONSE -> true;
      };
    }
    return switch (type) {
      case CONTEXT_CACHE, IOTLB, WAIT -> true;
      case DEVICE_TLB -> capabilities.has(ExtendedCapabilityLayout.DT);
      case INTERRUPT_ENTRY -> capabilities.has(ExtendedCapabilityLayout.IR);
      case PASID_IOTLB, PASID_CACHE -> wide;
      case PASID_DEVICE_TLB -> wide && capabilities.has(ExtendedCapabilityLayout.DT);
      case PAGE_GROUP_RESPONSE -> wide && capabilities.has(ExtendedCapabilityLayout.PRS);
    };
  }

  private int contexts(long low) {
    int domain = (int) DOMAIN.get(low);
    switch ((int) CONTEXT_G.get(low)) {
      case 1 -> invalidation.contexts();
      case 2 -> invalidation.contextsOfDomain(domain);
      case 3 ->
          invalidation.contextsOfDevice(
              domain, (int) CONTEXT_SID.get(low), (int) CONTEXT_FM.get(low));
      default -> {
        return InvalidationQueue.RESERVED_FIELD;
      }
    }
    return 0;
  }

  private int translations(long low, long high) {
    int domain = (int) DOMAIN.get(low);
    switch ((int) CONTEXT_G.get(low)) {
      case 1 -> invalidation.translations();
      case 2 -> invalidation.translationsOfDomain(domain);
      case 3 -> {
        if (!selectsPages) {
          // As in the registers: what cannot select pages drops the whole domain.
          invalidation.translationsOfDomain(domain);
          return 0;
        }
        int mask = (int) AM.get(high);
        if (mask > capabilities.maximumAddressMask()) {
          return InvalidationQueue.RESERVED_FIELD;
        }
        invalidation.pages(domain, ADDR.get(high), mask, IH.isSet(high));
      }
      default -> {
        return InvalidationQueue.RESERVED_FIELD;
      }
    }
    return 0;
  }

  private int pasidTranslations(long low, long high) {
    int domain = (int) DOMAIN.get(low);
    int pasid = (int) PASID.get(low);
    switch ((int) CONTEXT_G.get(low)) {
      case 2 -> invalidation.pasidTranslations(domain, pasid);
      case 3 -> {
        int mask = (int) AM.get(high);
        if (mask > capabilities.maximumAddressMask()) {
          return InvalidationQueue.RESERVED_FIELD;
        }
        invalidation.pasidPages(domain, pasid, ADDR.get(high), mask, IH.isSet(high));
      }
      default -> {
        return InvalidationQueue.RESERVED_FIELD;
      }
    }
    return 0;
  }

  private int pasids(long low) {
    switch ((int) CONTEXT_G.get(low)) {
      case 0 -> invalidation.pasidsOfDomain((int) DOMAIN.get(low));
      case 1 -> invalidation.pasid((int) DOMAIN.get(low), (int) PASID.get(low));
      case 3 -> invalidation.pasids();
      default -> {
        return InvalidationQueue.RESERVED_FIELD;
      }
    }
    return 0;
  }

  private int interrupts(long low) {
    if (IEC_G.isSet(low)) {
      invalidation.interrupts((int) IEC_INDEX.get(low), (int) IEC_MASK.get(low));
    } else {
      invalidation.interrupts();
    }
    return 0;
  }

  private int deviceTlb(long low, long high) {
    int source = (int) DEVICE_SID.get(low);
    PageRange range = PageRange.decode(high, DEVICE_S.isSet(high));
    outstanding.send(source, Pasid.NONE, false, range);
    return 0;
  }

  private int pasidDeviceTlb(long low, long high) {
    int source = (int) PASID_DEVICE_SID.get(low);
    PageRange range = PageRange.decode(high, PASID_DEVICE_S.isSet(high));
    outstanding.send(source, new Pasid((int) PASID.get(low)), PASID_DEVICE_G.isSet(high), range);
    return 0;
  }

  private int pageGroupResponse(long low, long high) {
    if (plain && !RESPONSE_PP.isSet(low)) {
      return InvalidationQueue.RESERVED_FIELD;
    }
    AtsEndpoint endpoint = endpoints.endpoint(new SourceId((int) RESPONSE_RID.get(low)));
    if (endpoint != null) {
      Pasid pasid = RESPONSE_PP.isSet(low) ? new Pasid((int) PASID.get(low)) : Pasid.NONE;
      int group = (int) RESPONSE_GROUP.get(high);
      endpoint.pageGroupResponse(new PageGroupResponse(pasid, group, (int) RESPONSE_CODE.get(low)));
    }
    return 0;
  }

  /** Tells whether a descriptor must stay in the queue until endpoints have answered. */
  boolean mustWait(long[] descriptor) {
    if (outstanding.isFenced()) {
      return true;
    }
    InvalidationDescriptor type = InvalidationDescriptor.of(typeWord(descriptor[0]));
    boolean sends =
        type == InvalidationDescriptor.DEVICE_TLB
            || type == InvalidationDescriptor.PASID_DEVICE_TLB;
    return sends && !outstanding.hasFreeTag();
  }

  /** An endpoint completed an invalidation. */
  void invalidationCompleted(int source, int tag) {
    outstanding.completed(source, tag, waits::complete);
  }

  /** The queue has come to rest. */
  void atRest() {
    outstanding.atRest();
  }

  private int await(long low, long high) {
    if (!WAIT_SW.isSet(low) && !WAIT_IF.isSet(low) && (loose || !WAIT_FN.isSet(low))) {
      return InvalidationQueue.RESERVED_FIELD;
    }
    if (WAIT_SW.isSet(low) && !waits.reaches(high)) {
      if (plain) {
        waits.complete(WAIT_SW.with(low, 0), high);
      }
      return InvalidationQueue.FETCH_FAILED;
    }
    if (!outstanding.defer(low, high, WAIT_FN.isSet(low))) {
      waits.complete(low, high);
    }
    return 0;
  }
}
