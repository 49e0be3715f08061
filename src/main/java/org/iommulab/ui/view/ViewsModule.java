package org.iommulab.ui.view;

import com.google.inject.AbstractModule;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.ProvidesIntoSet;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.cache.CachePane;
import org.iommulab.ui.view.cache.CachesPane;
import org.iommulab.ui.view.calls.CallsPane;
import org.iommulab.ui.view.context.ContextPane;
import org.iommulab.ui.view.faults.FaultsPane;
import org.iommulab.ui.view.inspector.InspectorPane;
import org.iommulab.ui.view.interrupt.InterruptPane;
import org.iommulab.ui.view.kernel.DmesgPane;
import org.iommulab.ui.view.kernel.KernelPane;
import org.iommulab.ui.view.map.MapPane;
import org.iommulab.ui.view.memory.MemoryPane;
import org.iommulab.ui.view.pagerequest.PageRequestPane;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.path.PathPane;
import org.iommulab.ui.view.queue.QueuePane;
import org.iommulab.ui.view.ranges.RangesPane;
import org.iommulab.ui.view.registers.RegistersPane;
import org.iommulab.ui.view.tree.TreePane;
import org.iommulab.vtd.cache.CacheLine;

/** Registers the panes that show a laboratory. */
public final class ViewsModule extends AbstractModule {

  @Override
  protected void configure() {
    Multibinder<LabPane> panes = Multibinder.newSetBinder(binder(), LabPane.class);
    panes.addBinding().to(PathPane.class).in(Singleton.class);
    panes.addBinding().to(TreePane.class).in(Singleton.class);
    panes.addBinding().to(ContextPane.class).in(Singleton.class);
    panes.addBinding().to(MapPane.class).in(Singleton.class);
    panes.addBinding().to(RangesPane.class).in(Singleton.class);
    panes.addBinding().to(CallsPane.class).in(Singleton.class);
    panes.addBinding().to(CachesPane.class).in(Singleton.class);
    panes.addBinding().to(QueuePane.class).in(Singleton.class);
    panes.addBinding().to(FaultsPane.class).in(Singleton.class);
    panes.addBinding().to(PageRequestPane.class).in(Singleton.class);
    panes.addBinding().to(InterruptPane.class).in(Singleton.class);
    panes.addBinding().to(RegistersPane.class).in(Singleton.class);
    panes.addBinding().to(MemoryPane.class).in(Singleton.class);
    panes.addBinding().to(KernelPane.class).in(Singleton.class);
    panes.addBinding().to(DmesgPane.class).in(Singleton.class);
    panes.addBinding().to(InspectorPane.class).in(Singleton.class);
  }

  @ProvidesIntoSet
  @Singleton
  LabPane iotlb(LabModel lab, Selection selection, Texts texts) {
    return new CachePane("iotlb", 10, CacheLine.Cache.IOTLB, lab, selection, texts);
  }
}
