package org.iommulab.linux.iommufd;

import java.util.List;
import java.util.Locale;

/** A device as a virtual IOMMU numbers it ({@code struct iommufd_vdevice}). */
final class Vdevice extends IommufdObject {

  private final Viommu viommu;
  private final IommufdDevice device;
  private final long virtId;

  /**
   * @param virtId the device's number there, such as a virtual stream or requester id
   */
  Vdevice(IommufdContext context, int id, Viommu viommu, IommufdDevice device, long virtId) {
    super(context, id);
    this.viommu = viommu;
    this.device = device;
    this.virtId = virtId;
    viommu.hold(name());
    viommu.devices().put(virtId, this);
    device.setVdevice(this);
    device.hold(name());
  }

  Viommu viommu() {
    return viommu;
  }

  IommufdDevice device() {
    return device;
  }

  long virtId() {
    return virtId;
  }

  @Override
  String type() {
    return "VDEVICE";
  }

  @Override
  void destroy() {
    device.setVdevice(null);
    device.letGo(name());
    viommu.devices().remove(virtId);
    viommu.letGo(name());
  }

  @Override
  List<String> facts() {
    return List.of(
        "viommu: " + viommu.id(),
        "device: " + device.id(),
        String.format(Locale.ROOT, "virtual id: 0x%x", virtId));
  }
}
