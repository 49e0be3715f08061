package org.iommulab.ui.live;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.action.ActionSource;

/** Attaching to a running QEMU. */
public final class LiveModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(LiveModel.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(LiveActions.class);
  }
}
