package org.iommulab.ui.view;

import com.google.inject.AbstractModule;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.view.calls.CallsPane;
import org.iommulab.ui.view.inspector.InspectorPane;
import org.iommulab.ui.view.path.PathPane;
import org.iommulab.ui.view.tree.TreePane;

/** Registers the panes that show a laboratory. */
public final class ViewsModule extends AbstractModule {

  @Override
  protected void configure() {
    Multibinder<LabPane> panes = Multibinder.newSetBinder(binder(), LabPane.class);
    panes.addBinding().to(PathPane.class).in(Singleton.class);
    panes.addBinding().to(TreePane.class).in(Singleton.class);
    panes.addBinding().to(CallsPane.class).in(Singleton.class);
    panes.addBinding().to(InspectorPane.class).in(Singleton.class);
  }
}
