package org.iommulab.ui.form;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.lab.LabView;
import org.iommulab.linux.DomainView;
import org.iommulab.linux.IommufdObjectView;
import org.iommulab.linux.KernelView;
import org.iommulab.linux.ProcessView;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.QueueContents;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableUse;

/**
 * What the forms need to know of the laboratory when they open.
 *
 * @param units how many remapping units there are
 * @param devices requesters of the machine
 * @param domainIds domain ids that present context entries use
 * @param domains domains of the kernel
 * @param ioas address spaces that processes have open
 * @param vmm a device is assigned to the VMM
 * @param booted a kernel runs
 * @param memory where the process has memory first, 0 if it has none
 * @param registers of the first unit
 * @param queue the invalidation queue, if one is set up
 */
record FormFacts(
    int units,
    List<PciDevice> devices,
    List<Integer> domainIds,
    List<DomainView> domains,
    List<IommufdObjectView> ioas,
    boolean vmm,
    boolean booted,
    long memory,
    RegisterValues registers,
    Optional<QueueContents> queue) {

  static FormFacts of(LabView view) {
    Optional<? extends KernelView> kernel = view.kernel();
    var tables = view.tables();
    return new FormFacts(
        view.units(),
        view.machine().map(machine -> machine.devices()).orElse(List.of()),
        tables.uses().stream().map(TableUse::domainId).distinct().sorted().toList(),
        kernel.map(KernelView::domains).orElse(List.of()),
        kernel.map(KernelView::iommufdObjects).orElse(List.of()).stream()
            .filter(object -> object.type().equals("IOAS"))
            .toList(),
        view.isDeviceAssigned(),
        kernel.isPresent(),
        kernel.map(KernelView::processes).orElse(List.of()).stream()
            .flatMap(process -> process.areas().stream())
            .mapToLong(ProcessView.Area::start)
            .findFirst()
            .orElse(0),
        tables.registers(),
        tables.queue());
  }

  /** The unit takes descriptors from memory instead of commands in registers. */
  boolean isQueued() {
    return RegisterLayouts.GSTS.field("QIES").isSet(registers.gsts());
  }
}
