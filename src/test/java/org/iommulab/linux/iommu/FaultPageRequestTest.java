package org.iommulab.linux.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.Lab;
import org.iommulab.linux.NothingLeaks;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.SelftestUapi;
import org.iommulab.linux.uapi.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Page requests reach the handler of the domain they are for, a whole group at a time. */
@ExtendWith(NothingLeaks.class)
final class FaultPageRequestTest {

  private final Lab lab = Lab.boot("intel_iommu=on");
  private final IommuDevice device = lab.kernel.mockIommu().addDevice(SelftestUapi.DEVICE_PASID);
  private final List<IommuDomain> made = new ArrayList<>();
  private final List<IopfGroup> handled = new ArrayList<>();

  @AfterEach
  void goesBackToItsDefault() {
    device.group().detach();
    made.forEach(lab.kernel.iommu()::free);
    lab.kernel.mockIommu().removeDevice(device);
  }

  private IommuDomain attached() {
    IommuDomain domain = lab.kernel.iommu().alloc(device, DomainType.UNMANAGED, 0, "test").domain();
    assertThat(domain).isNotNull();
    made.add(domain);
    domain.setIopfHandler(
        group -> {
          handled.add(group);
          return Status.OK;
        });
    assertThat(device.group().attach(domain).failed()).isFalse();
    return domain;
  }

  private static FaultPageRequest request(int group, boolean last) {
    return new FaultPageRequest(last, Pasid.NONE, group, FaultPageRequest.READ, 0x1000L * group);
  }

  @Test
  void requestsWaitForTheLastOfTheirGroup() {
    attached();
    device.reportFault(request(1, false));
    device.reportFault(request(2, false));
    device.reportFault(request(1, false));
    assertThat(handled).isEmpty();
    device.reportFault(request(1, true));
    assertThat(handled).singleElement().satisfies(group -> assertThat(group.requests()).hasSize(3));
    device.reportFault(request(2, true));
    assertThat(handled.getLast().requests()).hasSize(2);
  }

  @Test
  void nobodyToHandleItIsInvalid() {
    assertThat(device.reportFault(request(1, true)).is(Errno.EINVAL)).isTrue();
  }

  @Test
  void aPasidGoesToItsOwnDomainFirst() {
    IommuDomain rid = attached();
    IommuDomain own = lab.kernel.iommu().alloc(device, DomainType.UNMANAGED, 8, "pasid").domain();
    assertThat(own).isNotNull();
    made.add(own);
    own.setIopfHandler(rid.iopfHandler());
    assertThat(device.group().attachPasid(new Pasid(7), own).failed()).isFalse();
    device.reportFault(new FaultPageRequest(true, new Pasid(7), 1, FaultPageRequest.WRITE, 0x5000));
    assertThat(handled.getLast().domain()).isSameAs(own);
    device.reportFault(new FaultPageRequest(true, new Pasid(8), 1, FaultPageRequest.WRITE, 0x5000));
    assertThat(handled.getLast().domain()).isSameAs(rid);
  }

  @Test
  void aPasidIsAttachedOnceAndOnlyIfTheDeviceCanSendIt() {
    IommuDomain domain = attached();
    assertThat(device.group().attachPasid(new Pasid(0), domain).is(Errno.EINVAL)).isTrue();
    assertThat(device.group().attachPasid(new Pasid(1 << 20), domain).is(Errno.EINVAL)).isTrue();
    assertThat(device.group().attachPasid(new Pasid(5), domain).failed()).isFalse();
    assertThat(device.group().attachPasid(new Pasid(5), domain).is(Errno.EBUSY)).isTrue();
    assertThat(device.group().replacePasid(new Pasid(6), domain).is(Errno.EINVAL)).isTrue();
    device.group().detachPasid(new Pasid(5));
    assertThat(device.group().pasidDomain(new Pasid(5))).isNull();
  }
}
