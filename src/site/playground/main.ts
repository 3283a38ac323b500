// The page of a site's owner.

import '../../widget/era-search.ts';
import { Engine } from '../../index.ts';

document.getElementById('app')?.append(document.createElement('era-search'), new Engine().status.path);
