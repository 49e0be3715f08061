package org.iommulab.lab.advice;

import org.iommulab.bus.SourceId;

/**
 * Whether software has done enough once it says that it is through, which is when a wait completes:
 * H04, H06, H07, H14, H18.
 */
final class WaitRules {

  private final int number;

  WaitRules(int number) {
    this.number = number;
  }

  void judge(Step step, Obligation o) {
    Descriptor partial = o.partial;
    if (o.hinted && !o.fetched) {
      hinted(step, o);
    } else if (!o.fetched && partial != null && !o.isBinding()) {
      partly(step, o, partial);
    } else if (!o.fetched && o.wrongKind) {
      wrongKind(step, o);
    } else if (o.binding && o.iotlbEarly && !o.fetched) {
      wrongOrder(step, o);
    }
    for (int device : o.devicesEarly) {
      if (o.fetched && o.devices.contains(device)) {
        deviceFirst(step, o, device);
      }
    }
  }

  /** H07: the command keeps pointers to tables, and one changed. */
  void hinted(Step step, Obligation o) {
    step.raise(
        "H07",
        o.key(),
        o.evidence(),
        Remedy.pages(step, number, o.domain, o.from, o.to),
        Digits.bare(o.entry),
        o.step);
  }

  /** H06: the command covers other pages, or those of another domain. */
  void partly(Step step, Obligation o, Descriptor command) {
    step.raise(
        "H06",
        o.key(),
        o.evidence(),
        Remedy.pages(step, number, o.domain, o.from, o.to),
        Digits.bare(o.from),
        Digits.bare(o.to),
        o.domain,
        Digits.bare(command.from()),
        Digits.bare(command.to()),
        command.domain());
  }

  /** H18: a PASID-selective command for lines that carry a domain alone. */
  private void wrongKind(Step step, Obligation o) {
    step.raise(
        "H18",
        o.key(),
        o.evidence(),
        Remedy.domain(step, number, o.domain),
        o.pasid,
        step.name(o.sourceId()),
        o.domain);
  }

  /** H04: the IOTLB before the cache that fills it. */
  private void wrongOrder(Step step, Obligation o) {
    step.raise(
        "H04",
        o.key(),
        o.evidence(),
        Remedy.domain(step, number, o.domain),
        o.kind == Obligation.Kind.PASID ? "PASID" : Wording.CONTEXT.with(),
        step.name(o.sourceId()));
  }

  /** H14: the device-TLB before the IOTLB that it asks. */
  private void deviceFirst(Step step, Obligation o, int device) {
    step.raise(
        "H14",
        o.key(),
        o.evidence(),
        Remedy.queue(step.rig(), number, 3L | (long) device << 32, o.from & -4096L),
        step.name(new SourceId(device)));
  }
}
