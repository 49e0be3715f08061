package org.iommulab.ui.advisor;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.view.part.LabPane;

/** The advisor's pane. */
public final class AdvisorModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(AdvisorModel.class);
    bind(AdvisorPane.class);
    Multibinder.newSetBinder(binder(), LabPane.class).addBinding().to(AdvisorPane.class);
  }
}
