package org.iommulab.linux.intel.queue;

import java.util.Locale;
import org.iommulab.bits.Field;
import org.iommulab.bus.Pasid;
import org.iommulab.vtd.layout.InvalidationDescriptor;

/** Builds the descriptors of the invalidation queue. */
public final class QiDescriptors {

  /** Granularities of context-cache and IOTLB invalidation. */
  public static final int GLOBAL = 1;

  public static final int DOMAIN = 2;
  public static final int DEVICE_OR_PAGE = 3;

  /** Granularities of PASID-cache invalidation. */
  public static final int ONE_PASID = 1;

  public static final int ALL_PASIDS = 3;

  /** Status a wait descriptor writes when everything before it is done. */
  static final int DONE = 2;

  private static final InvalidationDescriptor CC = InvalidationDescriptor.CONTEXT_CACHE;
  private static final InvalidationDescriptor TLB = InvalidationDescriptor.IOTLB;
  private static final InvalidationDescriptor DEV = InvalidationDescriptor.DEVICE_TLB;
  private static final InvalidationDescriptor WAIT = InvalidationDescriptor.WAIT;
  private static final InvalidationDescriptor PTLB = InvalidationDescriptor.PASID_IOTLB;
  private static final InvalidationDescriptor PDEV = InvalidationDescriptor.PASID_DEVICE_TLB;
  private static final InvalidationDescriptor RESPONSE = InvalidationDescriptor.PAGE_GROUP_RESPONSE;
  private static final InvalidationDescriptor IEC = InvalidationDescriptor.INTERRUPT_ENTRY;
  private static final InvalidationDescriptor PC = InvalidationDescriptor.PASID_CACHE;

  // Fields of what every unmap queues: looked up once.
  private static final Field TLB_G = TLB.field("G");
  private static final Field TLB_DW = TLB.field("DW");
  private static final Field TLB_DR = TLB.field("DR");
  private static final Field TLB_DID = TLB.field("DID");
  private static final Field TLB_AM = TLB.field("AM");
  private static final Field TLB_IH = TLB.field("IH");
  private static final Field TLB_ADDR = TLB.field("ADDR");
  private static final Field PTLB_G = PTLB.field("G");
  private static final Field PTLB_DID = PTLB.field("DID");
  private static final Field PTLB_PASID = PTLB.field("PASID");
  private static final Field WAIT_SW = WAIT.field("SW");
  private static final Field WAIT_DATA = WAIT.field("STATUS_DATA");
  private static final Field WAIT_ADDR = WAIT.field("STATUS_ADDR[63:2]");

  private QiDescriptors() {}

  private static long typed(InvalidationDescriptor kind) {
    return InvalidationDescriptor.TYPE.with(0, kind.type());
  }

  private static long with(InvalidationDescriptor kind, String field, long quadword, long value) {
    return kind.field(field).with(quadword, value);
  }

  public static long context(int granularity, int did, int sid, int functionMask) {
    long qw0 = with(CC, "G", typed(CC), granularity);
    qw0 = with(CC, "DID", qw0, did);
    qw0 = with(CC, "SID", qw0, sid);
    return with(CC, "FM", qw0, functionMask);
  }

  public static long iotlb(int granularity, int did, boolean drainWrites, boolean drainReads) {
    long qw0 = TLB_G.with(typed(TLB), granularity);
    qw0 = TLB_DW.with(qw0, drainWrites ? 1 : 0);
    qw0 = TLB_DR.with(qw0, drainReads ? 1 : 0);
    return TLB_DID.with(qw0, did);
  }

  /** Second quadword of IOTLB descriptors: address, mask, leaf-only hint. */
  public static long address(long address, int mask, boolean leafOnly) {
    return TLB_ADDR.with(TLB_AM.with(TLB_IH.with(0, leafOnly ? 1 : 0), mask), address);
  }

  public static long pasidIotlb(boolean page, int did, Pasid pasid) {
    long qw0 = PTLB_G.with(typed(PTLB), page ? 3 : 2);
    qw0 = PTLB_DID.with(qw0, did);
    return PTLB_PASID.with(qw0, pasid.value());
  }

  public static long pasidCache(int granularity, int did, Pasid pasid) {
    long qw0 = with(PC, "G", typed(PC), granularity);
    qw0 = with(PC, "DID", qw0, did);
    return with(PC, "PASID", qw0, pasid.value());
  }

  /**
   * First quadword of a device-TLB invalidation for requests without PASID.
   *
   * @param physicalFunction the unit wants to know the physical function too (ECAP.DIT)
   */
  public static long deviceTlb(int sid, boolean physicalFunction) {
    return physicalFunction(DEV, with(DEV, "SID", typed(DEV), sid), sid, physicalFunction);
  }

  /** First quadword of a device-TLB invalidation for one PASID. */
  public static long pasidDeviceTlb(int sid, Pasid pasid, boolean physicalFunction) {
    long qw0 = with(PDEV, "PASID", with(PDEV, "SID", typed(PDEV), sid), pasid.value());
    return physicalFunction(PDEV, qw0, sid, physicalFunction);
  }

  private static long physicalFunction(
      InvalidationDescriptor kind, long qw0, int sid, boolean wanted) {
    return wanted
        ? with(kind, "PFSID[15:4]", with(kind, "PFSID[3:0]", qw0, sid & 15), sid >>> 4)
        : qw0;
  }

  /** First quadword of an answer to page requests. */
  public static long pageResponse(int sid, Pasid pasid, int code) {
    long qw0 = with(RESPONSE, "RC", with(RESPONSE, "RID", typed(RESPONSE), sid), code);
    return pasid.isNone()
        ? qw0
        : with(RESPONSE, "PASID", with(RESPONSE, "PP", qw0, 1), pasid.value());
  }

  /** Second quadword of an answer to page requests. */
  public static long pageResponseGroup(int group) {
    return with(RESPONSE, "PRGI", 0, group);
  }

  /** First quadword of an interrupt-entry invalidation: 2^mask entries, or all of them. */
  public static long interruptEntry(boolean all, int index, int mask) {
    long qw0 = with(IEC, "G", typed(IEC), all ? 0 : 1);
    return all ? qw0 : with(IEC, "IM", with(IEC, "IIDX", qw0, index), mask);
  }

  /** Second quadword of device-TLB descriptors: 2^mask pages, encoded in the address. */
  public static long deviceAddress(long address, int mask) {
    if (mask == 0) {
      return DEV.field("ADDR").with(0, address);
    }
    long all = mask >= 52 ? Long.MAX_VALUE : (1L << 12 + mask - 1) - 1;
    long coded = (mask >= 52 ? 0 : address & -(1L << 12 + mask)) | all;
    return with(DEV, "S", DEV.field("ADDR").with(0, coded), 1);
  }

  /**
   * First quadword of a wait that writes its status.
   *
   * @param drain page requests are drained first
   */
  static long waitForStatus(boolean drain) {
    long qw0 = WAIT_DATA.with(WAIT_SW.with(typed(WAIT), 1), DONE);
    return drain ? with(WAIT, "PD", qw0, 1) : qw0;
  }

  /** First quadword of a wait that tells nobody: later descriptors start after earlier ones. */
  public static long fence() {
    return with(WAIT, "FN", typed(WAIT), 1);
  }

  static long statusAddress(long address) {
    return WAIT_ADDR.with(0, address >>> 2);
  }

  /** A descriptor as the lessons write it: two quadwords in hexadecimal. */
  static String text(long qw0, long qw1) {
    return String.format(Locale.ROOT, "%x / %x", qw0, qw1);
  }
}
