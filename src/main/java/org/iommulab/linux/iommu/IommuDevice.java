package org.iommulab.linux.iommu;

import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/**
 * A device behind an IOMMU ({@code struct dev_iommu}): its driver, its group, its kernel driver.
 */
public final class IommuDevice {

  private final PciDevice pci;
  private final IommuOps ops;
  private final IommuGroup group;
  private final FaultParam faults;
  private final KernelParts parts;
  private @Nullable String boundDriver;
  private @Nullable String driverOverride;

  IommuDevice(PciDevice pci, IommuOps ops, IommuGroup group, KernelParts parts) {
    this.pci = pci;
    this.ops = ops;
    this.group = group;
    this.faults = new FaultParam(this, parts);
    this.parts = parts;
    this.boundDriver = pci.driver();
  }

  /** The PCI function. */
  public PciDevice pci() {
    return pci;
  }

  /** Its requester id. */
  public SourceId sid() {
    return pci.sid();
  }

  /** Its IOMMU driver. */
  public IommuOps ops() {
    return ops;
  }

  /** Its group. */
  public IommuGroup group() {
    return group;
  }

  /**
   * {@code iommu_report_device_fault()}: hands a page request to the handler of the domain that the
   * device or its PASID is attached to, once the last request of its group has come.
   *
   * @return EINVAL if nobody handles it; it has been answered INVALID then
   */
  public Status reportFault(FaultPageRequest request) {
    return faults.report(request);
  }

  /** {@code iopf_queue_discard_partial()}: forgets groups whose last request has not come. */
  public void discardPartialFaults() {
    faults.drop();
  }

  /** The kernel driver that owns the device, or null. */
  public @Nullable String boundDriver() {
    return boundDriver;
  }

  /** Binds or unbinds a kernel driver. */
  public void setBoundDriver(@Nullable String driver) {
    boundDriver = driver;
  }

  /** {@code dev_warn()} and its like: a line that begins with driver, or bus, and address. */
  public void print(String text) {
    String driver = boundDriver;
    parts.log().print((driver == null ? "pci" : driver) + " " + pci.address() + ": " + text);
  }

  /** The driver sysfs asks for, or null. */
  public @Nullable String driverOverride() {
    return driverOverride;
  }

  /** Sets {@code driver_override}. */
  public void setDriverOverride(@Nullable String driver) {
    driverOverride = driver;
  }

  /** The bound driver uses the DMA API, so that user space must keep off. */
  public boolean usesDmaApi() {
    String driver = boundDriver;
    return driver != null && !driver.equals("vfio-pci") && !driver.equals("pcieport");
  }

  @Override
  public String toString() {
    return pci.address();
  }
}
