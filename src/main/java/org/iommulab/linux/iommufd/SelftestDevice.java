package org.iommulab.linux.iommufd;

import java.util.List;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommufd.IommufdFile.Attached;
import org.jspecify.annotations.Nullable;

/**
 * A mock device that the selftest has made, bound and attached ({@code struct selftest_obj}); a
 * user may destroy it like any object.
 */
final class SelftestDevice extends IommufdObject {

  private final IommuDevice device;
  private @Nullable IommufdDevice bound;

  SelftestDevice(IommufdContext context, int id, int flags) {
    super(context, id);
    this.device = context.module().mock().addDevice(flags);
  }

  /** Binds it to the context and attaches it. */
  Attached bindAndAttach(int ptId) {
    IommufdDevice.Bound result = IommufdDevice.bind(context(), device);
    IommufdDevice made = result.device();
    if (made == null) {
      return Attached.fail(result.status());
    }
    bound = made;
    return made.attachments().attach(Pasid.OF_REQUESTER, ptId);
  }

  /** The bound device. */
  IommufdDevice bound() {
    if (bound == null) {
      throw new IllegalStateException(name() + " is not bound");
    }
    return bound;
  }

  @Override
  String type() {
    return "SELFTEST";
  }

  @Override
  void destroy() {
    if (bound != null) {
      bound.unbind();
    }
    context().module().mock().removeDevice(device);
  }

  @Override
  List<String> facts() {
    return List.of("device: " + device);
  }
}
