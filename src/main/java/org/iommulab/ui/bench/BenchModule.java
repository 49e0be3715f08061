package org.iommulab.ui.bench;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.view.part.LabPane;

/** The bench pane. */
public final class BenchModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(BenchModel.class);
    bind(BenchPane.class);
    Multibinder.newSetBinder(binder(), LabPane.class).addBinding().to(BenchPane.class);
  }
}
