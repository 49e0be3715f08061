package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** A device that a driver has bound to a context ({@code struct iommufd_device}). */
public final class IommufdDevice extends IommufdObject {

  private static final String BINDER = "its driver";

  private final KernelParts parts;
  private final CallTrace trace;
  private final IommuDevice device;
  private final Attachments attachments;
  private @Nullable Vdevice vdevice;

  private IommufdDevice(IommufdContext context, int id, IommuDevice device) {
    super(context, id);
    this.parts = context.parts();
    this.trace = parts.trace();
    this.device = device;
    this.attachments = new Attachments(this, context.group(device.group()));
    hold(BINDER);
  }

  /** A bound device, or why it could not be bound. */
  record Bound(@Nullable IommufdDevice device, Status status) {}

  /** {@code iommufd_device_bind()}: claims the group's DMA and makes the object. */
  static Bound bind(IommufdContext context, IommuDevice device) {
    KernelParts parts = context.parts();
    if (parts.trace().isOn()) {
      parts.trace().enter("iommufd_device_bind").text("dev", device.toString());
    }
    IommufdDevice bound = null;
    Status status;
    if (!device.ops().capable(device, IommuOps.Capability.CACHE_COHERENCY)) {
      status = Status.fail(Errno.EINVAL, "the device's DMA is not cache coherent");
    } else {
      status = parts.allocate("struct iommufd_device");
    }
    if (!status.failed()) {
      status = context.allocateGroup(device.group());
    }
    if (!status.failed()) {
      status = isolated(context, device);
    }
    if (!status.failed()) {
      status = device.group().claimDmaOwner(context, "an iommufd context");
    }
    if (!status.failed()) {
      bound = new IommufdDevice(context, context.nextId(), device);
      context.add(bound);
    }
    parts.leave(status);
    return new Bound(bound, status);
  }

  /** {@code iommu_group_has_isolated_msi()}, and what the module parameter says about it. */
  private static Status isolated(IommufdContext context, IommuDevice device) {
    boolean isolated =
        device.group().devices().stream()
            .allMatch(member -> member.ops().isolatedInterrupts(member));
    if (isolated) {
      return Status.OK;
    }
    if (!context.module().unsafeInterrupts()) {
      context.forgetGroup(device.group());
      return Status.fail(
          Errno.EPERM, "interrupts are not remapped; allow_unsafe_interrupts would take that");
    }
    device.print(
        "MSI interrupts are not secure, they cannot be isolated by the platform. Check that"
            + " platform features like interrupt remapping are enabled. Use the"
            + " \"allow_unsafe_interrupts\" module parameter to override");
    return Status.OK;
  }

  /** {@code iommufd_device_unbind()}. */
  void unbind() {
    if (trace.isOn()) {
      trace.enter("iommufd_device_unbind").number("id", id());
    }
    if (vdevice != null) {
      // Its owner still knows the id: it stays a hole, so that nothing else is destroyed by it.
      context().bury(vdevice);
    }
    attachments.detachAll();
    letGo(BINDER);
    context().remove(this);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  IommuDevice device() {
    return device;
  }

  /** The virtual device that stands for it on a vIOMMU, or null. */
  @Nullable Vdevice vdevice() {
    return vdevice;
  }

  void setVdevice(@Nullable Vdevice other) {
    vdevice = other;
  }

  /** What it is attached to. */
  Attachments attachments() {
    return attachments;
  }

  @Override
  String type() {
    return "DEVICE";
  }

  @Override
  void destroy() {
    device.group().releaseDmaOwner();
    context().forgetGroup(device.group());
  }

  @Override
  List<String> facts() {
    var facts = new ArrayList<String>();
    facts.add("device: " + device);
    facts.addAll(attachments.facts());
    return facts;
  }
}
