/**
 * Work that may take long, wherever it is done: what it is, how far it has come, and how to give it
 * up. May import {@code progress}.
 */
package org.iommulab.ui.busy;
